// The form that signs in or registers, and the button that signs out.

import * as api from "./api.js";
import { pollNow } from "./poll.js";
import { session } from "./session.js";
import { store } from "./store.js";
import { inTurn } from "./turn.js";

const form = document.querySelector("[data-sign-in]");
const notice = form.querySelector("[data-notice]");
const account = document.querySelector("[data-account]");
let pending = false;

async function signIn(action) {
  // as the server keeps it
  const nickname = form.elements.nickname.value.trim().normalize();
  const password = form.elements.password.value;
  if (action === "register") {
    await api.register(nickname, password);
  }
  const token = await api.newToken(nickname, password);
  const { records } = await api.changedSince("users");
  const user = records.find((record) => record.nickname === nickname);
  if (!user) {
    throw new api.ApiError("Your nickname has just changed. Sign in with the new one.", 0);
  }
  store.merge("users", records);
  session.start(user.id, token);
}

async function submit(event) {
  event.preventDefault();
  if (pending) {
    return;
  }
  pending = true;
  notice.textContent = "";
  try {
    await inTurn(() => signIn(event.submitter?.dataset.action));
    form.reset();
    pollNow();
  } catch (error) {
    if (!(error instanceof api.ApiError)) {
      throw error;
    }
    notice.textContent = error.message;
  } finally {
    pending = false;
  }
}

async function signOut() {
  const { token } = session;
  session.end();
  try {
    await inTurn(() => api.revokeToken(token));
  } catch (error) {
    if (!(error instanceof api.ApiError)) {
      throw error;
    }
    // refused is good: the token has been revoked before
    if (error.unanswered) {
      notice.textContent = `You are signed out here, but the server was not told. ${error.message}`;
    }
  }
  pollNow();
}

function showNickname() {
  const user = store.users.get(session.userId);
  account.querySelector("[data-nickname]").textContent = user?.nickname ?? "";
}

function show() {
  const signedIn = session.token !== null;
  form.hidden = signedIn;
  notice.textContent = session.reason;
  account.hidden = !signedIn;
  showNickname();
}

form.addEventListener("submit", submit);
account.querySelector("[data-sign-out]").addEventListener("click", signOut);
session.addEventListener("change", () => {
  show();
  form.elements.nickname.focus();
});
store.addEventListener("users", showNickname);
show();
