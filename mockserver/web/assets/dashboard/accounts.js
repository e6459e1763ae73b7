// The accounts, each with its balance; the one that is chosen is the one that everything else is about.

import { call, reason } from "./api.js";
import { Rows, byId, el, say, show, throttled } from "./dom.js";
import { LiveList } from "./live_list.js";
import { Pages } from "./pager.js";
import { many, number } from "./format.js";

const PAGE = 20;

export class Accounts {
  #live = new LiveList((account) => this.#apply(account));

  constructor(board) {
    this.board = board;
    this.items = [];
    this.offset = 0;
    this.isLast = true;
    this.rows = new Rows(byId("accounts"), { make: (item) => this.#row(item), change: (row, item) => this.#change(row, item), keyOf: (item) => item.id, instead: byId("account-key"), always: true });
    this.pages = new Pages(byId("accounts-pages"), {
      newer: () => this.load(Math.max(0, this.offset - PAGE)),
      older: () => this.load(this.offset + PAGE),
      instead: byId("account-key"),
      words: ["Earlier", "Later"],
    });
    this.reload = throttled(500, () => this.load(this.offset));
    byId("account-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#goTo(byId("account-key").value.trim());
    });
  }

  async load(offset = 0) {
    try {
      await this.#live.load(() => this.#page(offset), (page) => {
        Object.assign(this, page);
        this.isLoaded = true;
        this.render();
      });
    } catch (error) {
      say(byId("account-wrong"), reason(error));
    }
  }

  async #page(offset) {
    const { accounts } = await call("GET", "/accounts", { query: { limit: PAGE + 1, offset } });
    if (!accounts.length && offset) return this.#page(0);
    return { offset, isLast: accounts.length <= PAGE, items: accounts.slice(0, PAGE) };
  }

  // An account's credits are others.
  apply(account) {
    this.#live.handle(account);
  }

  #apply(account) {
    const at = this.items.findIndex((item) => item.id === account.id);
    if (at < 0) return this.reload();
    this.items[at] = account;
    this.render();
  }

  // A session was made or has changed: how many an account has may be another number.
  noticed(session) {
    if (session.status === "pending" && !session.attempts.length) this.reload();
  }

  render() {
    const { account } = this.board;
    const all = { id: null };
    const apart = account !== null && !this.items.some((item) => item.id === account) ? [{ id: account }] : [];
    this.rows.render([all, ...apart, ...this.items]);
    show(byId("accounts-none"), this.isLoaded && !this.items.length && !apart.length);
    this.pages.render({ isFirst: this.offset === 0, isLast: this.isLast, where: `from ${this.offset + 1}` });
  }

  #row(item) {
    const choose = el("button", { class: "account", onclick: () => this.board.choose(item.id) },
      el("span", { class: "account-name" }, item.id === null ? "All accounts" : item.id),
      el("span", { class: "account-balance" }),
      el("span", { class: "account-sessions soft" }));
    return el("li", {}, choose);
  }

  #change(row, item) {
    const [button] = row.children;
    const isChosen = this.board.account === item.id;
    if (button.getAttribute("aria-pressed") !== String(isChosen)) button.setAttribute("aria-pressed", isChosen);
    if (item.sessions === undefined) return;
    const [, balance, sessions] = button.children;
    say(balance, number(item.credit_balance));
    say(sessions, `credits · ${many(item.sessions, "session")}`);
  }

  async #goTo(key) {
    try {
      const { accounts: [found] } = await call("GET", "/accounts", { query: { key } });
      say(byId("account-wrong"), "");
      byId("account-key").value = "";
      this.board.choose(found.id);
      this.reload();
    } catch (error) {
      say(byId("account-wrong"), reason(error));
      this.board.said(reason(error), true);
    }
  }
}
