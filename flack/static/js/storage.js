// What outlives a reload and ends with the tab: two tabs can be two people, and whoever uses the
// browser next finds nothing.

import { root } from "./root.js";

// another Flack may be mounted beside this one
function key(name) {
  return `flack ${root.pathname} ${name}`;
}

// Return what was kept under a name, null without it.
export function recall(name) {
  return JSON.parse(sessionStorage.getItem(key(name)));
}

// Keep a value under a name; null forgets it.
export function keep(name, value) {
  if (value === null) {
    sessionStorage.removeItem(key(name));
  } else {
    sessionStorage.setItem(key(name), JSON.stringify(value));
  }
}
