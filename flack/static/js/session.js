// Who is signed in. sessionStorage outlives a reload and ends with the tab: two tabs can be two
// people, and whoever uses the browser next finds no token.

const KEY = "flack";

class Session extends EventTarget {
  constructor() {
    super();
    const { nickname = null, token = null } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    this.nickname = nickname;
    this.token = token;
    // why the last one ended, when the user did not ask for it
    this.reason = "";
  }

  start(nickname, token) {
    sessionStorage.setItem(KEY, JSON.stringify({ nickname, token }));
    this.change(nickname, token, "");
  }

  end(reason = "") {
    sessionStorage.removeItem(KEY);
    this.change(null, null, reason);
  }

  change(nickname, token, reason) {
    Object.assign(this, { nickname, token, reason });
    this.dispatchEvent(new Event("change"));
  }
}

export const session = new Session();
