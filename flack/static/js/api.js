// The server's API: data, or an ApiError.

import { root } from "./root.js";
import { session } from "./session.js";

const TIMEOUT_MILLISECONDS = 10_000;

export class ApiError extends Error {
  // status is 0 when there was no answer, or none from Flack
  constructor(message, status) {
    super(message);
    this.status = status;
  }

  // nobody knows whether the server has done what it was asked
  get unanswered() {
    return this.status === 0 || this.status >= 500;
  }
}

// Return what the server answers, and its own time in seconds.
async function request(method, path, { data, authorization } = {}) {
  const { token } = session;
  const headers = {};
  if (data) {
    headers["Content-Type"] = "application/json";
  }
  if (authorization ?? token) {
    headers["Authorization"] = authorization ?? `Bearer ${token}`;
  }

  let response;
  let answer;
  try {
    response = await fetch(new URL(path, root), {
      method,
      headers,
      body: JSON.stringify(data),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    answer = response.status === 204 ? null : await response.json();
  } catch {
    throw new ApiError("The server does not answer.", 0);
  }
  if (response.ok) {
    return { answer, time: Date.parse(response.headers.get("Date")) / 1000 };
  }
  if (response.status === 401 && !authorization && token === session.token) {
    session.end("You have been signed out. Sign in again; what you wrote is kept.");
  }
  throw new ApiError(answer.error, response.status);
}

// btoa takes bytes only, and names and passwords are any text
function basic(nickname, password) {
  const bytes = new TextEncoder().encode(`${nickname}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

export function register(nickname, password) {
  return request("POST", "api/users", { data: { nickname, password } });
}

export async function newToken(nickname, password) {
  const authorization = basic(nickname, password);
  return (await request("POST", "api/tokens", { authorization })).answer.token;
}

export function revokeToken(token) {
  return request("DELETE", "api/tokens", { authorization: `Bearer ${token}` });
}

// Return the messages or the users that changed later than a time, a day's messages or all users
// without one, and the server's own time.
export async function changedSince(name, since) {
  const query = since ? `?updated_since=${since}` : "";
  const { answer, time } = await request("GET", `api/${name}${query}`);
  return { records: answer[name], time };
}

export async function onlineUsers() {
  return (await request("GET", "api/users?online=1")).answer.users;
}

export async function requestsPerSecond() {
  return (await request("GET", "stats")).answer.requests_per_second;
}

export async function postMessage(source) {
  return (await request("POST", "api/messages", { data: { source } })).answer;
}

export function editMessage(id, source) {
  return request("PUT", `api/messages/${id}`, { data: { source } });
}
