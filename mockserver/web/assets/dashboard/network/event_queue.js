// Events of the stream, applied in batches: once per frame, and for a part of the frame only. So a flood of events
// leaves time to paint and to answer keys.

const BUDGET = 8;
const HIDDEN_DELAY = 250;

export class EventQueue {
  #waiting = [];
  #isPlanned = false;

  // `apply(name, data)`
  constructor(apply) {
    this.apply = apply;
  }

  // Add an event; `text` is its data as JSON.
  add(name, text) {
    this.#waiting.push([name, text]);
    this.#plan();
  }

  // Forget the events that wait.
  clear() {
    this.#waiting = [];
  }

  // a hidden page has no frames
  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    if (document.hidden) setTimeout(() => this.#flush(), HIDDEN_DELAY);
    else requestAnimationFrame(() => this.#flush());
  }

  #flush() {
    this.#isPlanned = false;
    const end = performance.now() + BUDGET;
    let applied = 0;
    // an event may clear the queue
    for (const batch = this.#waiting; batch === this.#waiting && applied < batch.length;) {
      const [name, text] = batch[applied++];
      this.apply(name, JSON.parse(text));
      if (performance.now() >= end) break;
    }
    this.#waiting = this.#waiting.slice(applied);
    if (this.#waiting.length) this.#plan();
  }
}
