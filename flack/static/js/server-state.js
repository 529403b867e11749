// What the server says of itself and of the people there: who is online, how busy it is, and
// whether it answers.

import { store } from "./store.js";

const online = document.querySelector("[data-online]");
const requests = document.querySelector("[data-requests-per-second]");
const status = document.querySelector("[data-status]");

store.addEventListener("online", () => {
  const nicknames = store.online.map((user) => user.nickname);
  nicknames.sort((one, other) => one.localeCompare(other));
  online.replaceChildren(
    ...nicknames.map((nickname) => {
      const item = document.createElement("li");
      item.textContent = nickname;
      return item;
    }),
  );
});

store.addEventListener("requestsPerSecond", () => {
  requests.textContent = store.requestsPerSecond.toFixed(1);
});

store.addEventListener("connected", () => {
  status.textContent = store.connected ? "" : "The server does not answer. Trying again …";
});
