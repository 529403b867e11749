// What the client knows of the server. Every change is an event with the name of what changed.

class Store extends EventTarget {
  // by id
  messages = new Map();
  users = new Map();
  // the newest updated_at of each, in the server's time; undefined until the first answer
  newest = {};

  online = [];
  requestsPerSecond = 0;
  connected = true;

  // Take messages or users as the server lists them: by updated_at, known ones among them.
  merge(name, records) {
    const known = this[name];
    const changed = records.filter(
      (record) => JSON.stringify(record) !== JSON.stringify(known.get(record.id)),
    );
    for (const record of changed) {
      known.set(record.id, record);
    }
    this.newest[name] = records.at(-1)?.updated_at ?? this.newest[name];
    this.dispatchEvent(new CustomEvent(name, { detail: changed }));
  }

  set(name, value) {
    this[name] = value;
    this.dispatchEvent(new Event(name));
  }
}

export const store = new Store();
