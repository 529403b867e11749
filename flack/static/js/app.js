// Flack's web client: the views show what is in the store, and polling fills it.

import "./composer.js";
import "./message-list.js";
import "./server-state.js";
import "./sign-in.js";
import { keepPolling } from "./poll.js";

keepPolling();
