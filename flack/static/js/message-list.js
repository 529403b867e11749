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

// by message id
const items = new Map();
let atEnd = true;

function nickname(userId) {
  return store.users.get(userId)?.nickname ?? "";
}

function isMine(message) {
  return session.token !== null && nickname(message.user_id) === session.nickname;
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

// Put a new item where its id belongs, which is nearly always the end.
function place(item, id) {
  let next = null;
  let previous = list.lastElementChild;
  while (previous && Number(previous.dataset.id) > id) {
    next = previous;
    previous = previous.previousElementSibling;
  }
  list.insertBefore(item, next);
  items.set(id, item);
}

function fill(item, message) {
  item.querySelector("[data-edited]").hidden = message.updated_at <= message.created_at;
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

function showMessages({ detail: changed }) {
  const added = changed.filter((message) => !items.has(message.id));
  for (const message of added) {
    place(newItem(message), message.id);
  }
  for (const message of changed) {
    fill(items.get(message.id), message);
  }
  if (changed.length > 0 && (atEnd || added.some(isMine))) {
    scrollToEnd();
  } else if (added.length > 0) {
    newest.hidden = false;
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
// what was there at first is not read out
store.addEventListener("messages", () => setTimeout(readOut, 1000), { once: true });
store.addEventListener("users", showAuthors);
session.addEventListener("change", showAuthors);
