// The journal, newest first, one page at a time. The first page is live unless it is paused.

import { errorText, sendRequest } from "./api.js";
import { KeyedList, byId, setText, setVisible, throttle } from "./dom.js";
import { journalEmptyState } from "./empty_state.js";
import { exchangeRow } from "./exchange_row.js";
import { LiveList } from "./live_list.js";
import { Pager } from "./pager.js";

const PAGE = 50;

export class Journal {
  #live = new LiveList((exchange) => this.#apply(exchange));
  #cursors = [];
  #newCount = 0;

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.items = [];
    this.isLast = true;
    this.isPaused = false;
    this.filter = {};
    this.rows = new KeyedList(byId("exchange-list"), { create: exchangeRow, update: () => {}, keyOf: (item) => item.id, fallback: byId("journal") });
    this.pages = new Pager(byId("journal-pages"), { newer: () => this.#newer(), older: () => this.#older(), fallback: byId("journal") });
    byId("journal-empty").append(journalEmptyState());
    byId("journal-pause").addEventListener("click", () => this.#pause());
    byId("journal-forget").addEventListener("click", () => this.#clear());
    byId("journal-filter").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#filter();
    });
    this.render = throttle(150, () => this.#render());
    this.reload = throttle(500, () => this.load());
  }

  get #before() {
    return this.#cursors.at(-1) ?? null;
  }

  // Load the newest page.
  load() {
    this.#cursors = [];
    this.#newCount = 0;
    return this.#load();
  }

  #load(isNewPage = false) {
    this.loading = this.#fetch(isNewPage);
    return this.loading;
  }

  async #fetch(isNewPage) {
    const query = { key: this.dashboard.account, ...this.filter, limit: PAGE + 1, before: this.#before };
    try {
      await this.#live.load(() => sendRequest("GET", "/requests", { query }), ({ requests }) => {
        setText(byId("journal-error"), "");
        this.isLast = requests.length <= PAGE;
        this.items = requests.slice(0, PAGE);
        this.isLoaded = true;
        this.render();
        if (isNewPage) byId("journal").scrollTo({ top: 0 });
      });
    } catch (error) {
      setText(byId("journal-error"), errorText(error));
    }
  }

  // A new exchange.
  apply(exchange) {
    this.#live.handle(exchange);
  }

  #apply(exchange) {
    if (!this.#matches(exchange) || exchange.id <= (this.items[0]?.id ?? 0)) return;
    if (this.isPaused || this.#before !== null) {
      this.#newCount += 1;
      return this.render();
    }
    this.items.unshift(exchange);
    if (this.items.length > PAGE) {
      this.items.length = PAGE;
      this.isLast = false;
    }
    this.render();
  }

  #matches(exchange) {
    const { method, path, status } = this.filter;
    if (method && method !== exchange.method) return false;
    if (status && Number(status) !== exchange.status) return false;
    return !path || pathPattern(path).test(exchange.path);
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

  // Wait for the page that is being loaded: the next one starts behind it.
  async #older() {
    await this.loading;
    const last = this.items.at(-1);
    if (!last || this.isLast) return undefined;
    this.#cursors.push(last.id);
    return this.#load(true);
  }

  async #newer() {
    await this.loading;
    this.#cursors.pop();
    if (this.#before === null) this.#newCount = 0;
    return this.#load(true);
  }

  #clear() {
    const { account } = this.dashboard;
    this.dashboard.confirm.open({
      title: "Clear the journal?",
      text: account === null ? "The exchanges of all accounts are forgotten." : `The exchanges of ${account} are forgotten.`,
      button: "Clear it",
      fallback: byId("journal-forget"),
      act: async () => {
        await sendRequest("DELETE", "/requests", { query: { key: account } });
        return "The journal is cleared.";
      },
    });
  }

  #render() {
    this.rows.render(this.items);
    const isFiltered = Object.values(this.filter).some(Boolean);
    setVisible(byId("journal-empty"), this.isLoaded && !this.items.length, byId("journal"));
    setVisible(byId("exchange-list"), this.items.length > 0);
    byId("journal-empty").dataset.filtered = isFiltered;
    setText(byId("journal-pause"), this.isPaused ? `Go on${this.#newCount ? ` (${this.#newCount} new)` : ""}` : "Pause");
    const where = this.#before === null ? "the newest" : `${this.#newCount ? `${this.#newCount} newer ones since` : "older ones"}`;
    this.pages.render({ isFirst: this.#before === null, isLast: this.isLast, where });
  }
}

function pathPattern(path) {
  const parts = path.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`, "u");
}
