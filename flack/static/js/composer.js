// The box in which messages are written, and changed. Text leaves it only when the server has it,
// or with its writer, for whom it is kept.

import * as api from "./api.js";
import { pollNow } from "./poll.js";
import { session } from "./session.js";
import { keep, recall } from "./storage.js";
import { store } from "./store.js";

const form = document.querySelector("[data-composer]");
const box = form.elements.source;
const button = form.querySelector("[data-send]");
const notice = form.querySelector("[data-notice]");
const editing = form.querySelector("[data-editing]");

let pending = false;
// the id of whose text is in the box
let writer = null;
// the id of the message that is being changed, and what was in the box before it
let edited = null;
let draft = "";
// a message that was sent and not answered yet, and the newest id that was known before it
let unanswered = null;

// Keep what is in the box for its writer: the browser would bring back the text alone.
function putAway() {
  if (writer !== null) {
    keep(`writing ${writer}`, { text: box.value, edited, draft, unanswered });
  }
}

// Put into the box what was kept for its writer.
function takeOut() {
  const nothing = { text: "", edited: null, draft: "", unanswered: null };
  const kept = recall(`writing ${writer}`) ?? nothing;
  ({ edited, draft, unanswered } = kept);
  putIntoBox(kept.text);
}

// When a message that was not answered turns up after all, take it out of the box.
function settle() {
  if (!unanswered) {
    return;
  }
  const arrived = [...store.messages.values()].some(
    ({ id, source, user_id }) =>
      id > unanswered.newest && source === unanswered.source && user_id === writer,
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
  const newest = [...store.messages.keys()].reduce((one, other) => Math.max(one, other), 0);
  unanswered = { source, newest };
  try {
    store.merge("messages", [await api.postMessage(source)]);
    box.value = "";
    unanswered = null;
  } catch (error) {
    if (!error.unanswered) {
      unanswered = null;
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
      await api.editMessage(edited, source);
      startEditing(null);
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

function putIntoBox(text) {
  editing.hidden = !edited;
  button.textContent = edited ? "Save" : "Send";
  box.value = text;
  notice.textContent = "";
  box.focus();
}

function startEditing(message) {
  draft = edited ? draft : box.value;
  edited = message?.id ?? null;
  putIntoBox(message?.source ?? draft);
}

// Let the user change a message; null stops it.
export function edit(message) {
  if (!pending) {
    startEditing(message);
  }
}

function showSession() {
  form.hidden = session.token === null;
  if (session.userId !== writer) {
    putAway();
    writer = session.userId;
    takeOut();
  }
}

form.addEventListener("submit", submit);
box.addEventListener("keydown", sendOnEnter);
form.querySelector("[data-cancel]").addEventListener("click", () => edit(null));
store.addEventListener("messages", () => !pending && settle());
session.addEventListener("change", showSession);
// the last event that is sure to come before a reload, or before a phone drops the page
document.addEventListener("visibilitychange", putAway);
showSession();
