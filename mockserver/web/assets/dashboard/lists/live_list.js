// A list that requests load and events change. Events that arrive during a request are applied to its answer: the
// answer may be older than the event, and the current list may belong to another filter.

export class LiveList {
  #turn = 0;
  #events = null;

  constructor(apply) {
    this.apply = apply;
  }

  // Passes the answer of `request` to `replace`, unless another load has begun meanwhile.
  async load(request, replace) {
    const turn = ++this.#turn;
    this.#events = [];
    try {
      const answer = await request();
      if (turn === this.#turn) replace(answer);
    } finally {
      if (turn === this.#turn) this.#applyEvents();
    }
  }

  handle(event) {
    if (this.#events) this.#events.push(event);
    else this.apply(event);
  }

  #applyEvents() {
    const events = this.#events;
    this.#events = null;
    for (const event of events) this.apply(event);
  }
}

// The items of a page that new ones have made longer. A row that a person has open stays, behind the page.
export const pageOf = (items, size, isOpen) => [...items.slice(0, size), ...items.slice(size).filter(isOpen)];
