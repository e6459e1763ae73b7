// The accounts with their balances, newest first. The selected account filters everything else.

import { errorText, sendRequest } from "../network/api.js";
import { KeyedList, byId, oncePerFrame, setText, setVisible, throttle } from "../base/dom.js";
import { accountRow, updateAccountRow } from "../lists/account_row.js";
import { KnownAccounts } from "../network/known_accounts.js";
import { LiveList } from "../lists/live_list.js";
import { Pager } from "../lists/pager.js";
import { accountLabel, isId } from "../base/scope.js";

const PAGE = 50;

export class Accounts {
  #live = new LiveList((account) => this.#apply(account));
  #selected = null;

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.items = [];
    this.known = new KnownAccounts({ isShown: (id) => dashboard.isShown(id), onChange: throttle(100, () => dashboard.relabel()) });
    this.offset = 0;
    this.wanted = 0;
    this.isLast = true;
    this.rows = new KeyedList(byId("accounts"), {
      create: (item) => accountRow(item, (id) => dashboard.selectAccount(id)),
      update: (row, item) => updateAccountRow(row, item, { isSelected: dashboard.account === item.id, common: dashboard.clocks.reading(null) }),
      keyOf: (item) => item.id,
      fallback: byId("account-key"),
      alwaysUpdate: true,
    });
    this.pages = new Pager(byId("accounts-pages"), {
      newer: () => this.load(Math.max(0, this.offset - PAGE)),
      older: () => this.load(this.offset + PAGE),
      fallback: byId("account-key"),
    });
    this.renderSoon = oncePerFrame(() => this.render());
    this.reload = throttle(500, () => this.load(this.wanted));
    this.search = throttle(300, () => this.load());
    byId("account-search").addEventListener("input", () => this.search());
    byId("account-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#goTo(byId("account-key").value.trim());
    });
    byId("account-name-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#rename(byId("account-name").value.trim());
    });
  }

  get #search() {
    return byId("account-search").value.trim();
  }

  // The selected account with all that is known of it; null for all accounts.
  get selected() {
    const { account } = this.dashboard;
    if (account === null) return null;
    return this.items.find((item) => item.id === account) ?? (this.#selected?.id === account ? this.#selected : { id: account });
  }

  // What a person calls an account.
  label(id) {
    return accountLabel(this.items.find((item) => item.id === id) ?? (this.#selected?.id === id ? this.#selected : this.known.get(id)));
  }

  nameWithId(id) {
    const label = this.label(id);
    return label === id ? id : `${label} (${id})`;
  }

  async load(offset = 0) {
    this.wanted = offset; // a change that arrives meanwhile loads this page again
    this.#loadSelected();
    try {
      await this.#live.load(() => this.#page(offset), (page) => {
        Object.assign(this, page, { wanted: page.offset });
        for (const item of page.items) this.known.set(item);
        this.isLoaded = true;
        this.render();
      });
    } catch (error) {
      setText(byId("account-error"), errorText(error));
    }
  }

  async #page(offset) {
    const { accounts } = await sendRequest("GET", "/accounts", { query: { search: this.#search, order: "newest", limit: PAGE + 1, offset } });
    if (!accounts.length && offset) return this.#page(0);
    return { offset, isLast: accounts.length <= PAGE, items: accounts.slice(0, PAGE) };
  }

  // The selected account may be on no page of the list.
  async #loadSelected() {
    const { account } = this.dashboard;
    if (account !== null && (await this.exists(account))) this.render();
  }

  // False if the mock has no such account.
  async exists(account) {
    return (await this.find(account)) !== null;
  }

  // The id of the account with this id or key; null if the mock has none. What is known of it is kept.
  async find(account) {
    try {
      const { accounts: [found] } = await sendRequest("GET", "/accounts", { query: { key: account } });
      this.#selected = found;
      return found.id;
    } catch (error) {
      return isId(account) && ![400, 404].includes(error.status) ? account : null;
    }
  }

  // The credits or the name of an account have changed.
  applyAccount(account) {
    this.#live.handle(account);
  }

  // A clock was moved; the common one may move every other.
  applyClock({ account, ...reading }) {
    const item = this.items.find(({ id }) => id === account);
    if (item) this.#apply({ ...item, ...reading });
    else this.reload();
  }

  #apply(account) {
    if (account.id === this.#selected?.id) this.#selected = account;
    this.known.set(account);
    const at = this.items.findIndex((item) => item.id === account.id);
    if (at < 0 || this.#search) this.reload();
    if (at >= 0) this.items[at] = account;
    this.renderSoon();
  }

  // A new session changes the number of sessions of its account.
  applySession(session) {
    if (session.status === "pending" && !session.attempts.length) this.reload();
  }

  render() {
    const { selected } = this;
    const unlisted = selected !== null && !this.items.some(({ id }) => id === selected.id) ? [selected] : [];
    this.rows.render([{ id: null }, ...unlisted, ...this.items]);
    setVisible(byId("accounts-empty"), this.isLoaded && !this.items.length && !unlisted.length);
    setText(byId("accounts-empty"), this.#search ? "No account is found." : "None yet. An account opens with the first call that has its API key.");
    this.pages.render({ isFirst: this.offset === 0, isLast: this.isLast, where: `${this.offset + 1}–${this.offset + this.items.length}` });
    this.#renderName(selected);
    this.dashboard.titlePanels();
  }

  #renderName(selected) {
    setVisible(byId("account-name-form"), selected !== null, byId("account-key"));
    const field = byId("account-name");
    const known = JSON.stringify([selected?.id, selected?.name]);
    if (field.dataset.known === known) return;
    field.dataset.known = known;
    field.value = selected?.name ?? "";
  }

  async #rename(name) {
    const { account } = this.dashboard;
    try {
      const answer = await sendRequest("POST", "/accounts", { body: { key: account, name: name || null } });
      setText(byId("account-error"), "");
      this.applyAccount(answer.account);
      this.dashboard.announce(name ? `${account} is called ${name}.` : `${account} has no name any more.`);
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #goTo(key) {
    try {
      const { accounts: [found] } = await sendRequest("GET", "/accounts", { query: { key } });
      setText(byId("account-error"), "");
      byId("account-key").value = "";
      this.dashboard.selectAccount(found.id);
      this.reload();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error) {
    setText(byId("account-error"), errorText(error));
    this.dashboard.announce(errorText(error), true);
  }
}
