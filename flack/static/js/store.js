// What the client knows of the server. Every change is an event with the name of what changed.

class Store extends EventTarget {
  // by id
  messages = new Map();
  users = new Map();
  // the server's time when it last listed each; undefined until the first answer
  listed = {};

  online = [];
  requestsPerSecond = 0;
  connected = true;

  // Take messages or users, known ones among them, and the server's time when they are a list.
  merge(name, records, time = this.listed[name]) {
    const known = this[name];
    const changed = records.filter(
      (record) => JSON.stringify(record) !== JSON.stringify(known.get(record.id)),
    );
    for (const record of changed) {
      known.set(record.id, record);
    }
    this.listed[name] = time;
    this.dispatchEvent(new CustomEvent(name, { detail: changed }));
  }

  set(name, value) {
    this[name] = value;
    this.dispatchEvent(new Event(name));
  }
}

export const store = new Store();
