// The readings of the accounts' clocks. Each is requested once, and again after its clock was changed.

import { sendRequest } from "./api.js";

const COMMON = "";

export class Clocks {
  #readings = new Map();
  #requests = new Map();

  constructor(onChange) {
    this.onChange = onChange;
  }

  // The time of an account in milliseconds; null until the reading has arrived.
  now(account) {
    const reading = this.reading(account);
    return reading === null ? null : reading.now + (reading.frozen ? 0 : performance.now() - reading.at);
  }

  reading(account) {
    const key = account ?? COMMON;
    const reading = this.#readings.get(key) ?? null;
    if (reading === null) this.#request(key);
    return reading;
  }

  // A clock was changed; the common clock may change every other.
  applyChange({ account, ...reading }) {
    if (account === null) this.#readings.clear();
    else this.#readings.delete(account);
    // an answer that is on its way may be older
    this.#requests.clear();
    this.set(account, reading);
  }

  set(account, reading) {
    this.#readings.set(account ?? COMMON, {
      now: Date.parse(reading.now),
      offset: reading.offset_seconds,
      frozen: reading.frozen,
      at: performance.now(),
    });
    this.onChange();
  }

  clear() {
    this.#readings.clear();
    this.#requests.clear();
    this.onChange();
  }

  async #request(key) {
    if (this.#requests.has(key)) return;
    const ticket = {};
    this.#requests.set(key, ticket);
    try {
      const reading = await sendRequest("GET", "/clock", { query: { key } });
      if (this.#requests.get(key) === ticket) this.set(key === COMMON ? null : key, reading);
    } catch {
      // an account that was reset has no clock
      return;
    } finally {
      // wait before the next request, should the reading still be missing
      setTimeout(() => this.#requests.get(key) === ticket && this.#requests.delete(key), 3000);
    }
  }
}
