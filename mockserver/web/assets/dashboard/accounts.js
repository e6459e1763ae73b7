// The accounts with their balances. The selected account filters everything else.

import { errorText, sendRequest } from "./api.js";
import { KeyedList, byId, el, setText, setVisible, throttle } from "./dom.js";
import { LiveList } from "./live_list.js";
import { Pager } from "./pager.js";
import { number, plural } from "./format.js";

const PAGE = 20;

export class Accounts {
  #live = new LiveList((account) => this.#apply(account));

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.items = [];
    this.offset = 0;
    this.isLast = true;
    this.rows = new KeyedList(byId("accounts"), { create: (item) => this.#createRow(item), update: (row, item) => this.#updateRow(row, item), keyOf: (item) => item.id, fallback: byId("account-key"), alwaysUpdate: true });
    this.pages = new Pager(byId("accounts-pages"), {
      newer: () => this.load(Math.max(0, this.offset - PAGE)),
      older: () => this.load(this.offset + PAGE),
      fallback: byId("account-key"),
      words: ["Earlier", "Later"],
    });
    this.reload = throttle(500, () => this.load(this.offset));
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
      setText(byId("account-error"), errorText(error));
    }
  }

  async #page(offset) {
    const { accounts } = await sendRequest("GET", "/accounts", { query: { limit: PAGE + 1, offset } });
    if (!accounts.length && offset) return this.#page(0);
    return { offset, isLast: accounts.length <= PAGE, items: accounts.slice(0, PAGE) };
  }

  // The credits of an account have changed.
  applyAccount(account) {
    this.#live.handle(account);
  }

  #apply(account) {
    const at = this.items.findIndex((item) => item.id === account.id);
    if (at < 0) return this.reload();
    this.items[at] = account;
    this.render();
  }

  // A new session changes the number of sessions of its account.
  applySession(session) {
    if (session.status === "pending" && !session.attempts.length) this.reload();
  }

  render() {
    const { account } = this.dashboard;
    const all = { id: null };
    const unlisted = account !== null && !this.items.some((item) => item.id === account) ? [{ id: account }] : [];
    this.rows.render([all, ...unlisted, ...this.items]);
    setVisible(byId("accounts-empty"), this.isLoaded && !this.items.length && !unlisted.length);
    this.pages.render({ isFirst: this.offset === 0, isLast: this.isLast, where: `from ${this.offset + 1}` });
  }

  #createRow(item) {
    const button = el("button", { class: "account", onclick: () => this.dashboard.selectAccount(item.id) },
      el("span", { class: "account-name" }, item.id === null ? "All accounts" : item.id),
      el("span", { class: "account-balance" }),
      el("span", { class: "account-sessions soft" }));
    return el("li", {}, button);
  }

  #updateRow(row, item) {
    const [button] = row.children;
    const isSelected = this.dashboard.account === item.id;
    if (button.getAttribute("aria-pressed") !== String(isSelected)) button.setAttribute("aria-pressed", isSelected);
    if (item.sessions === undefined) return;
    const [, balance, sessions] = button.children;
    setText(balance, number(item.credit_balance));
    setText(sessions, `credits · ${plural(item.sessions, "session")}`);
  }

  async #goTo(key) {
    try {
      const { accounts: [found] } = await sendRequest("GET", "/accounts", { query: { key } });
      setText(byId("account-error"), "");
      byId("account-key").value = "";
      this.dashboard.selectAccount(found.id);
      this.reload();
    } catch (error) {
      setText(byId("account-error"), errorText(error));
      this.dashboard.announce(errorText(error), true);
    }
  }
}
