// A list that a request loads and events change. An event that arrives while a request is on its way is applied to the
// answer: the answer may be older than the event, and what the page shows in the meantime may belong to another filter.

export class LiveList {
  #turn = 0;
  #events = null;

  constructor(apply) {
    this.apply = apply;
  }

  // Replaces the list by the answer of `request`, unless another load has begun meanwhile. Raises what `request` raises.
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
