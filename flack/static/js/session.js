// Who is signed in: the user's id and token. The nickname, which may change, is in the store.

import { keep, recall } from "./storage.js";

const KEY = "session";

class Session extends EventTarget {
  // why the last one ended, when the user did not ask for it
  reason = "";

  constructor() {
    super();
    Object.assign(this, recall(KEY) ?? { userId: null, token: null });
  }

  start(userId, token) {
    keep(KEY, { userId, token });
    this.change(userId, token, "");
  }

  end(reason = "") {
    keep(KEY, null);
    this.change(null, null, reason);
  }

  change(userId, token, reason) {
    Object.assign(this, { userId, token, reason });
    this.dispatchEvent(new Event("change"));
  }
}

export const session = new Session();
