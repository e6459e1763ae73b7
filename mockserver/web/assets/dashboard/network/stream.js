// Server-sent events by fetch: EventSource cannot send the control token.

import { apiUrl, authHeaders, readResponse } from "./api.js";

const DELAYS = [250, 500, 1000, 2000, 4000];
const OPENING = 10_000;
// the mock sends a comment each 15 seconds
const SILENCE = 40_000;

export class Stream {
  #abort = new AbortController();
  #lastEventId = null;
  #failures = 0;

  // `on.event(name, text)`, `on.open(journal)` with the identity of the journal, `on.lost(failures)`, and `on.gone()` if the mock has no such account
  constructor(key, on) {
    this.key = key;
    this.on = on;
    this.#run();
  }

  end() {
    this.#abort.abort();
  }

  async #run() {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const patience = new Patience(signal);
      try {
        await this.#listen(patience);
      } catch (error) {
        if (error.code === "control_token_required") return;
        if (error.code === "not_found") return this.on.gone();
      } finally {
        patience.end();
      }
      if (signal.aborted) return;
      this.on.lost(++this.#failures);
      const delay = DELAYS[Math.min(this.#failures, DELAYS.length) - 1];
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  async #listen(patience) {
    const { signal } = patience;
    patience.wait(OPENING);
    const headers = { ...authHeaders(), accept: "text/event-stream" };
    if (this.#lastEventId !== null) headers["last-event-id"] = this.#lastEventId;
    const response = await fetch(apiUrl("/events", { key: this.key }), { headers, signal, cache: "no-store" });
    if (!response.ok) return readResponse(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = null;
    for (;;) {
      patience.wait(SILENCE);
      const { done, value } = await reader.read();
      if (done) return;
      if (text === null) {
        // the mock subscribes before it sends the first chunk: a list that is loaded from now on misses no event
        this.#failures = 0;
        this.on.open(response.headers.get("videodb-mock-journal"));
      }
      const blocks = ((text ?? "") + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        // an event may end the stream; ignore the events after it
        if (signal.aborted) return;
        this.#dispatch(block);
      }
    }
  }

  #dispatch(block) {
    const fields = { event: "message", data: "" };
    for (const line of block.split("\n")) {
      const at = line.indexOf(": ");
      if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
    }
    if (fields.id) this.#lastEventId = fields.id;
    if (fields.data) this.on.event(fields.event, fields.data);
  }
}

// Ends a connection that is silent for too long: a mock that is stopped or cut off closes nothing.
class Patience {
  #abort = new AbortController();
  #timer = null;

  constructor(signal) {
    this.signal = AbortSignal.any([signal, this.#abort.signal]);
  }

  wait(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#abort.abort(), milliseconds);
  }

  end() {
    clearTimeout(this.#timer);
  }
}
