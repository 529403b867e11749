// The box in which messages are written, and changed. Text leaves it only when the server has it.

import * as api from "./api.js";
import { pollNow } from "./poll.js";
import { session } from "./session.js";
import { store } from "./store.js";

const form = document.querySelector("[data-composer]");
const box = form.elements.source;
const button = form.querySelector("[data-send]");
const notice = form.querySelector("[data-notice]");
const editing = form.querySelector("[data-editing]");

let pending = false;
// the message that is being changed, and what was in the box before it
let edited = null;
let draft = "";
// whose text is in the box
let writer = session.nickname;
// a message that was sent and not answered, and how many messages were known before it
let unanswered = null;

// When a message that was not answered turns up after all, take it out of the box.
function settle() {
  if (!unanswered) {
    return;
  }
  const later = [...store.messages.values()].slice(unanswered.known);
  const arrived = later.some(
    ({ source, user_id }) =>
      source === unanswered.source && store.users.get(user_id)?.nickname === writer,
  );
  if (arrived) {
    if (box.value.trim() === unanswered.source) {
      box.value = "";
    }
    notice.textContent = "";
    unanswered = null;
  }
}

async function post(source) {
  if (unanswered && !(await pollNow())) {
    throw new api.ApiError("The server does not answer.", 0);
  }
  settle();
  if (box.value === "") {
    return;
  }
  const known = store.messages.size;
  unanswered = null;
  try {
    await api.postMessage(source);
    box.value = "";
  } catch (error) {
    if (error.unanswered) {
      unanswered = { source, known };
    }
    throw error;
  }
}

async function submit(event) {
  event.preventDefault();
  const source = box.value.trim();
  if (pending || !source) {
    return;
  }
  pending = true;
  // disabled would take the focus away
  box.readOnly = true;
  box.focus();
  notice.textContent = "";
  try {
    if (edited) {
      await api.editMessage(edited.id, source);
      putIntoBox(null);
    } else {
      await post(source);
    }
    pollNow();
  } catch (error) {
    if (!(error instanceof api.ApiError)) {
      throw error;
    }
    notice.textContent = `Not sent. ${error.message} Your message is still here.`;
    settle();
  } finally {
    pending = false;
    box.readOnly = false;
  }
}

// Enter sends, but not the one that picks a character in an input method: Safari tells that one by
// its code alone.
function sendOnEnter(event) {
  const picking = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && !event.shiftKey && !picking) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape" && edited) {
    edit(null);
  }
}

// Put a message into the box, or, without one, what was there before.
function putIntoBox(message) {
  draft = edited ? draft : box.value;
  edited = message;
  editing.hidden = !message;
  button.textContent = message ? "Save" : "Send";
  box.value = message ? message.source : draft;
  notice.textContent = "";
  box.focus();
}

// Let the user change a message; null stops it.
export function edit(message) {
  if (!pending) {
    putIntoBox(message);
  }
}

function showSession() {
  form.hidden = session.token === null;
  if (form.hidden) {
    return;
  }
  if (session.nickname !== writer) {
    putIntoBox(null);
    box.value = "";
    unanswered = null;
    writer = session.nickname;
  }
  box.focus();
}

form.addEventListener("submit", submit);
box.addEventListener("keydown", sendOnEnter);
form.querySelector("[data-cancel]").addEventListener("click", () => edit(null));
store.addEventListener("messages", () => !pending && settle());
session.addEventListener("change", showSession);
showSession();
