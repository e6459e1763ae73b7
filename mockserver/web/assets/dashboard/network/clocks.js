// The readings of all clocks. One request brings them: the common clock's, and those of accounts with a clock of their own.

import { sendRequest } from "./api.js";

const COMMON = "";
const PATIENCE = 3000;

export class Clocks {
  #readings = new Map();
  #isWhole = false;
  #request = null;

  constructor(onChange) {
    this.onChange = onChange;
  }

  // The time of an account in milliseconds; null until the reading has arrived.
  now(account) {
    const reading = this.reading(account);
    return reading === null ? null : reading.now + (reading.frozen ? 0 : performance.now() - reading.at);
  }

  reading(account) {
    if (!this.#isWhole) this.#load();
    const key = account ?? COMMON;
    return this.#readings.get(key) ?? (this.#isWhole ? this.#readings.get(COMMON) ?? null : null);
  }

  // A clock was changed; the common clock may change every other.
  applyChange({ account, ...reading }) {
    if (account === null) this.#forget();
    else if (this.#request !== null) this.#isWhole = false;
    // an answer that is on its way may be older
    this.#request = null;
    this.#set(account ?? COMMON, reading);
    this.onChange();
  }

  clear() {
    this.#forget();
    this.#request = null;
    this.onChange();
  }

  #forget() {
    this.#readings.clear();
    this.#isWhole = false;
  }

  #set(key, reading) {
    this.#readings.set(key, {
      now: Date.parse(reading.now),
      offset: reading.offset_seconds,
      frozen: reading.frozen,
      at: performance.now(),
    });
  }

  async #load() {
    if (this.#request !== null) return;
    const ticket = {};
    this.#request = ticket;
    try {
      const { common, own } = await sendRequest("GET", "/clocks");
      if (this.#request !== ticket) return;
      this.#forget();
      this.#isWhole = true;
      this.#request = null;
      this.#set(COMMON, common);
      for (const { account, ...reading } of own) this.#set(account, reading);
      this.onChange();
    } catch {
      // wait before the next request
      setTimeout(() => this.#request === ticket && (this.#request = null), PATIENCE);
    }
  }
}
