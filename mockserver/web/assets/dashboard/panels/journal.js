// The journal, newest first, one page at a time. The first page is live unless it is paused.

import { errorText, sendRequest } from "../network/api.js";
import { saveFile } from "./file_download.js";
import { KeyedList, byId, setText, setVisible, throttle } from "../base/dom.js";
import { journalEmptyState } from "../lists/empty_state.js";
import { exchangeRow, labelExchangeRow } from "../lists/exchange_row.js";
import { JournalFilter } from "./journal_filter.js";
import { LiveList, pageOf } from "../lists/live_list.js";
import { Pager } from "../lists/pager.js";

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
    this.filter = new JournalFilter(() => this.load());
    this.rows = new KeyedList(byId("exchange-list"), { create: (item) => this.#createRow(item), update: () => {}, keyOf: (item) => item.id, fallback: byId("journal"), part: 24 });
    this.pages = new Pager(byId("journal-pages"), { newer: () => this.#newer(), older: () => this.#older(), fallback: byId("journal") });
    byId("journal-empty").append(journalEmptyState());
    byId("journal-pause").addEventListener("click", () => this.#pause());
    byId("journal-forget").addEventListener("click", () => this.#clear());
    byId("journal-export").addEventListener("click", () => this.#export());
    this.render = throttle(100, () => this.#render());
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
    const query = { key: this.dashboard.account, ...this.filter.query, limit: PAGE + 1, before: this.#before };
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
    if (!this.filter.matches(exchange) || exchange.id <= (this.items[0]?.id ?? 0)) return;
    if (this.isPaused || this.#before !== null) {
      this.#newCount += 1;
      return this.render();
    }
    this.items.unshift(exchange);
    if (this.items.length > PAGE) {
      this.items = pageOf(this.items, PAGE, ({ id }) => this.rows.get(id)?.querySelector(".exchange[aria-expanded=true]"));
      this.isLast = false;
    }
    this.render();
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
    const last = this.items.slice(0, PAGE).at(-1);
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
      text: account === null ? "The exchanges of all accounts are forgotten." : `The exchanges of ${this.dashboard.accounts.nameWithId(account)} are forgotten.`,
      button: "Clear it",
      fallback: byId("journal-forget"),
      act: async () => {
        await sendRequest("DELETE", "/requests", { query: { key: account } });
        return "The journal is cleared.";
      },
    });
  }

  async #export() {
    try {
      await saveFile("/requests.har", { key: this.dashboard.account, ...this.filter.query }, "videodb-mock.har");
      this.dashboard.announce("The exchanges are saved as videodb-mock.har.");
    } catch (error) {
      this.dashboard.announce(errorText(error), true);
    }
  }

  #createRow(item) {
    const row = exchangeRow(item, this.dashboard);
    this.#label(row, item);
    return row;
  }

  #label(row, { account }) {
    labelExchangeRow(row, account === null || this.dashboard.account !== null ? null : this.dashboard.accounts.label(account));
  }

  // An account has another name, or another one is selected.
  relabel() {
    for (const item of this.items) {
      const row = this.rows.get(item.id);
      if (row) this.#label(row, item);
    }
  }

  #render() {
    this.rows.render(this.items);
    setVisible(byId("journal-empty"), this.isLoaded && !this.items.length, byId("journal"));
    setVisible(byId("exchange-list"), this.items.length > 0);
    byId("journal-empty").dataset.filtered = this.filter.isSet;
    setText(byId("journal-pause"), this.isPaused ? `Go on${this.#newCount ? ` (${this.#newCount} new)` : ""}` : "Pause");
    const where = this.#before === null ? "the newest" : `${this.#newCount ? `${this.#newCount} newer ones since` : "older ones"}`;
    this.pages.render({ isFirst: this.#before === null, isLast: this.isLast, where });
  }
}
