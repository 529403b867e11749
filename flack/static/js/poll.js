// Keeps the store up to date, once a second while the page is seen.

import * as api from "./api.js";
import { store } from "./store.js";
import { inTurn } from "./turn.js";

const POLL_MILLISECONDS = 1000;
const LOST_MILLISECONDS = 3000;
// one poll in so many asks for users and figures as well
const FULL_POLL = 5;
// What is being written gets its time before it can be read: by whole seconds, and as long as the
// server waits for its database. So the last seconds are asked for again, and merged by id.
const OVERLAP_SECONDS = 20;

// Ask for what has changed, by the server's clock alone.
async function changed(name) {
  const since = store.listed[name] && store.listed[name] - OVERLAP_SECONDS;
  const answer = await api.changedSince(name, since);
  // a clock that was set back gives out times again that have been asked for: ask for all
  return answer.time < since ? api.changedSince(name) : answer;
}

async function refresh(full) {
  const messages = await changed("messages");
  if (full || messages.records.some((message) => !store.users.has(message.user_id))) {
    const users = await changed("users");
    store.merge("users", users.records, users.time);
  }
  // the users come first: a message is shown with its author's nickname
  store.merge("messages", messages.records, messages.time);
  if (full) {
    store.set("online", await api.onlineUsers());
    store.set("requestsPerSecond", await api.requestsPerSecond());
  }
}

async function poll(full) {
  try {
    await refresh(full);
    store.set("connected", true);
  } catch (error) {
    if (!(error instanceof api.ApiError)) {
      throw error;
    }
    // a token that is no longer good is an answer, and the next poll goes without it
    store.set("connected", error.status === 401);
  }
  return store.connected;
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function pageIsSeen() {
  while (document.hidden) {
    await new Promise((resolve) =>
      document.addEventListener("visibilitychange", resolve, { once: true }),
    );
  }
}

// Ask for everything; return whether the server answered.
export function pollNow() {
  return inTurn(() => poll(true));
}

export async function keepPolling() {
  for (let count = 0; ; count += 1) {
    await pageIsSeen();
    const connected = await inTurn(() => poll(count % FULL_POLL === 0));
    await sleep(connected ? POLL_MILLISECONDS : LOST_MILLISECONDS);
  }
}
