// Accounts that the rows of sessions and journal name, and the shown page of accounts may not have. One request at a time
// asks for one, and the next waits a moment: a flood of accounts is no flood of requests.

import { sendRequest } from "./api.js";

const PAUSE = 20;
const MOST = 1000;
const MOST_WANTED = 100;

export class KnownAccounts {
  #known = new Map();
  #wanted = new Set();
  #isAsking = false;

  constructor({ isShown, onChange }) {
    Object.assign(this, { isShown, onChange });
  }

  // What is known of an account; nothing but its id at first.
  get(id) {
    if (!this.#known.has(id)) this.#want(id);
    return this.#known.get(id) ?? { id };
  }

  set({ id, name, key_hint }) {
    this.#known.delete(id);
    this.#known.set(id, { id, name, key_hint });
    if (this.#known.size > MOST) this.#known.delete(first(this.#known.keys()));
  }

  clear() {
    this.#known.clear();
    this.#wanted.clear();
  }

  #want(id) {
    this.#wanted.add(id);
    if (this.#wanted.size > MOST_WANTED) this.#wanted.delete(first(this.#wanted));
    if (!this.#isAsking) this.#askForAll();
  }

  async #askForAll() {
    this.#isAsking = true;
    await pause(); // the rows of one list are created at once
    while (this.#wanted.size) {
      const id = first(this.#wanted);
      this.#wanted.delete(id);
      if (!this.#known.has(id) && this.isShown(id)) await this.#ask(id);
    }
    this.#isAsking = false;
  }

  async #ask(id) {
    try {
      // a search: an account that was deleted since is no refusal, which a browser would complain of
      const { accounts: [found] } = await sendRequest("GET", "/accounts", { query: { search: id, limit: 1 } });
      this.set(found ?? { id });
      this.onChange();
    } catch {
      this.#wanted.clear(); // the mock is away; the lists come back with it
    }
    await pause();
  }
}

const first = (iterable) => iterable[Symbol.iterator]().next().value;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));
