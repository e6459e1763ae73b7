// What the accounts' clocks show, without asking each second: a face is asked for once, and again when it was moved.

import { call } from "./api.js";

const COMMON = "";

export class Clocks {
  #faces = new Map();
  #asked = new Map();

  constructor(onChange) {
    this.onChange = onChange;
  }

  // The time an account goes by, in milliseconds; null while it is being asked for.
  now(account) {
    const face = this.face(account);
    return face === null ? null : face.now + (face.frozen ? 0 : performance.now() - face.at);
  }

  face(account) {
    const key = account ?? COMMON;
    const face = this.#faces.get(key) ?? null;
    if (face === null) this.#ask(key);
    return face;
  }

  // A clock was moved; the common one may have moved any.
  moved({ account, ...face }) {
    if (account === null) this.#faces.clear();
    else this.#faces.delete(account);
    // an answer that is on its way may be from before
    this.#asked.clear();
    this.put(account, face);
  }

  put(account, face) {
    this.#faces.set(account ?? COMMON, {
      now: Date.parse(face.now),
      offset: face.offset_seconds,
      frozen: face.frozen,
      at: performance.now(),
    });
    this.onChange();
  }

  forget() {
    this.#faces.clear();
    this.#asked.clear();
    this.onChange();
  }

  async #ask(key) {
    if (this.#asked.has(key)) return;
    const ticket = {};
    this.#asked.set(key, ticket);
    try {
      const face = await call("GET", "/clock", { query: { key } });
      if (this.#asked.get(key) === ticket) this.put(key === COMMON ? null : key, face);
    } catch {
      // of an account that was reset meanwhile there is no time to show
      return;
    } finally {
      // asked again after a while at the earliest, should it be unknown still
      setTimeout(() => this.#asked.get(key) === ticket && this.#asked.delete(key), 3000);
    }
  }
}
