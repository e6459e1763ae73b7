// The journal, newest first, a page at a time; the first page is live unless it is paused.

import { call, reason } from "./api.js";
import { Rows, byId, say, show, throttled } from "./dom.js";
import { emptyJournal } from "./empty_state.js";
import { exchangeRow } from "./exchange_row.js";
import { LiveList } from "./live_list.js";
import { Pages } from "./pager.js";

const PAGE = 50;

export class Journal {
  #live = new LiveList((exchange) => this.#apply(exchange));
  #befores = [];
  #waiting = 0;

  constructor(board) {
    this.board = board;
    this.items = [];
    this.isLast = true;
    this.isPaused = false;
    this.filter = {};
    this.rows = new Rows(byId("exchange-list"), { make: exchangeRow, change: () => {}, keyOf: (item) => item.id, instead: byId("journal") });
    this.pages = new Pages(byId("journal-pages"), { newer: () => this.#newer(), older: () => this.#older(), instead: byId("journal") });
    byId("journal-none").append(emptyJournal());
    byId("journal-pause").addEventListener("click", () => this.#pause());
    byId("journal-forget").addEventListener("click", () => this.#forget());
    byId("journal-filter").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#filter();
    });
    this.render = throttled(150, () => this.#render());
    this.reload = throttled(500, () => this.load());
  }

  get #before() {
    return this.#befores.at(-1) ?? null;
  }

  // Back to the newest.
  load() {
    this.#befores = [];
    this.#waiting = 0;
    return this.#load();
  }

  #load(isTurned = false) {
    this.loading = this.#loaded(isTurned);
    return this.loading;
  }

  async #loaded(isTurned) {
    const query = { key: this.board.account, ...this.filter, limit: PAGE + 1, before: this.#before };
    try {
      await this.#live.load(() => call("GET", "/requests", { query }), ({ requests }) => {
        say(byId("journal-wrong"), "");
        this.isLast = requests.length <= PAGE;
        this.items = requests.slice(0, PAGE);
        this.isLoaded = true;
        this.render();
        if (isTurned) byId("journal").scrollTo({ top: 0 });
      });
    } catch (error) {
      say(byId("journal-wrong"), reason(error));
    }
  }

  // One more exchange.
  apply(exchange) {
    this.#live.handle(exchange);
  }

  #apply(exchange) {
    if (!this.#wants(exchange) || exchange.id <= (this.items[0]?.id ?? 0)) return;
    if (this.isPaused || this.#before !== null) {
      this.#waiting += 1;
      return this.render();
    }
    this.items.unshift(exchange);
    if (this.items.length > PAGE) {
      this.items.length = PAGE;
      this.isLast = false;
    }
    this.render();
  }

  #wants(exchange) {
    const { method, path, status } = this.filter;
    if (method && method !== exchange.method) return false;
    if (status && Number(status) !== exchange.status) return false;
    return !path || pattern(path).test(exchange.path);
  }

  #filter() {
    const value = (id) => byId(id).value.trim() || undefined;
    this.filter = { method: value("journal-method"), path: value("journal-path"), status: value("journal-status") };
    this.load();
  }

  #pause() {
    this.isPaused = !this.isPaused;
    byId("journal-pause").setAttribute("aria-pressed", this.isPaused);
    if (!this.isPaused && this.#before === null) this.load();
    this.render();
  }

  // A page is turned from what is shown, not from what is still on its way.
  async #older() {
    await this.loading;
    const last = this.items.at(-1);
    if (!last || this.isLast) return undefined;
    this.#befores.push(last.id);
    return this.#load(true);
  }

  async #newer() {
    await this.loading;
    this.#befores.pop();
    if (this.#before === null) this.#waiting = 0;
    return this.#load(true);
  }

  #forget() {
    const { account } = this.board;
    this.board.confirm.ask({
      title: "Clear the journal?",
      text: account === null ? "The exchanges of all accounts are forgotten." : `The exchanges of ${account} are forgotten.`,
      button: "Clear it",
      instead: byId("journal-forget"),
      act: async () => {
        await call("DELETE", "/requests", { query: { key: account } });
        return "The journal is cleared.";
      },
    });
  }

  #render() {
    this.rows.render(this.items);
    const isFiltered = Object.values(this.filter).some(Boolean);
    show(byId("journal-none"), this.isLoaded && !this.items.length, byId("journal"));
    show(byId("exchange-list"), this.items.length > 0);
    byId("journal-none").dataset.filtered = isFiltered;
    say(byId("journal-pause"), this.isPaused ? `Go on${this.#waiting ? ` (${this.#waiting} new)` : ""}` : "Pause");
    const where = this.#before === null ? "the newest" : `${this.#waiting ? `${this.#waiting} newer ones since` : "older ones"}`;
    this.pages.render({ isFirst: this.#before === null, isLast: this.isLast, where });
  }
}

function pattern(path) {
  const parts = path.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`, "u");
}
