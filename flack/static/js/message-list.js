// The messages, the newest at the end.

import { edit } from "./composer.js";
import { session } from "./session.js";
import { store } from "./store.js";

const list = document.querySelector("[data-messages]");
const newest = document.querySelector("[data-newest]");
const template = document.querySelector("template[data-message]");
const clock = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  hour: "numeric",
  minute: "2-digit",
});
// so many messages are put in at once: with thousands the page would freeze
const PIECE = 500;

// by message id
const items = new Map();
let atEnd = true;

function nickname(userId) {
  return store.users.get(userId)?.nickname ?? "";
}

function isMine(message) {
  return message.user_id === session.userId;
}

function newItem(message) {
  const item = template.content.firstElementChild.cloneNode(true);
  const date = new Date(message.created_at * 1000);
  const time = item.querySelector("time");
  time.dateTime = date.toISOString();
  time.title = date.toLocaleString();
  time.textContent = clock.format(date);
  // steps of the golden angle: neighbours get hues that differ
  const hue = (message.user_id * 137.5) % 360;
  item.querySelector("[data-author]").style.setProperty("--hue", hue);
  item.dataset.id = message.id;
  return item;
}

// Put a new item where its id belongs: before the item next, or anywhere when that is null.
function place(item, id, next) {
  let previous = next ? next.previousElementSibling : list.lastElementChild;
  while (previous && Number(previous.dataset.id) > id) {
    next = previous;
    previous = previous.previousElementSibling;
  }
  list.insertBefore(item, next);
  items.set(id, item);
}

function fill(item, message) {
  item.querySelector("[data-edited]").hidden = message.updated_at === message.created_at;
  // the one place where HTML goes in: the server has cleaned it
  item.querySelector("[data-text]").innerHTML = message.html;
  showAuthor(item, message);
}

function showAuthor(item, message) {
  const author = item.querySelector("[data-author]");
  // the same text again would undo what the reader has selected
  if (author.textContent !== nickname(message.user_id)) {
    author.textContent = nickname(message.user_id);
  }
  item.querySelector("[data-edit]").hidden = !isMine(message);
}

// Show messages of falling ids, all of them before the item next; return the item of the last one.
function showPiece(ids, next) {
  const last = list.lastElementChild;
  for (const id of ids) {
    // as it is by now
    const message = store.messages.get(id);
    if (!items.has(id)) {
      place(newItem(message), id, next);
    }
    next = items.get(id);
    fill(next, message);
  }
  const added = list.lastElementChild !== last;
  if (atEnd || (added && isMine(store.messages.get(ids[0])))) {
    scrollToEnd();
  } else if (added) {
    newest.hidden = false;
  }
  return next;
}

async function showMessages({ detail: changed }) {
  const ids = changed.map((message) => message.id).sort((one, other) => other - one);
  let next = null;
  while (ids.length > 0) {
    next = showPiece(ids.splice(0, PIECE), next);
    // the browser shows what is there, and answers the user
    await new Promise((resolve) => setTimeout(resolve));
  }
  // what was there at first is not read out
  if (items.size === store.messages.size) {
    setTimeout(readOut, 1000);
  }
}

function showAuthors() {
  for (const [id, item] of items) {
    showAuthor(item, store.messages.get(id));
  }
}

function scrollToEnd() {
  list.scrollTop = list.scrollHeight;
}

function readOut() {
  list.setAttribute("aria-live", "polite");
}

list.addEventListener("scroll", () => {
  atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  newest.hidden ||= atEnd;
});
list.addEventListener("click", (event) => {
  if (event.target.closest("[data-edit]")) {
    const { id } = event.target.closest("[data-id]").dataset;
    edit(store.messages.get(Number(id)));
  }
});
newest.addEventListener("click", scrollToEnd);
// a keyboard on the screen or a growing box takes from the list's height
new ResizeObserver(() => atEnd && scrollToEnd()).observe(list);
store.addEventListener("messages", showMessages);
store.addEventListener("users", ({ detail: changed }) => changed.length > 0 && showAuthors());
session.addEventListener("change", showAuthors);
