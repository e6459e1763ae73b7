// The ledger of the selected account: a picture of the balance, and the entries as a table, one page at a time.

import { errorText, sendRequest } from "../network/api.js";
import { balanceChart, chartSummary } from "./balance_chart.js";
import { prepareDialog } from "../dialogs/dialogs.js";
import { byId, el, KeyedList, oncePerFrame, setText, setVisible, throttle } from "../base/dom.js";
import { credits, instant, number, shortId } from "../base/format.js";
import { Pager } from "../lists/pager.js";

const PAGE = 25;
const POINTS = 500;
const KINDS = { purchase: "purchase", grant: "given", consumption: "consumed", recharge: "auto recharge" };

export class Ledger {
  #turn = 0;
  #points = [];

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.offset = 0;
    this.dialog = prepareDialog(byId("ledger"), () => byId("credits-title"));
    this.pages = new Pager(byId("ledger-pages"), {
      newer: () => this.load(Math.max(0, this.offset - PAGE)),
      older: () => this.load(this.offset + PAGE),
      fallback: byId("ledger-table"),
    });
    this.rows = new KeyedList(byId("ledger-rows"), {
      create: (entry) => this.#row(entry),
      update: () => {}, // an entry never changes
      keyOf: (entry) => JSON.stringify(entry),
      fallback: byId("ledger-table"),
    });
    byId("ledger-open").addEventListener("click", () => {
      this.dialog.showModal();
      this.load();
    });
    this.reload = throttle(500, () => this.dialog.open && this.load(this.offset));
    new ResizeObserver(oncePerFrame(() => this.#draw())).observe(byId("ledger-picture"));
  }

  render() {
    byId("ledger-open").disabled = this.dashboard.account === null;
    if (this.dashboard.account === null && this.dialog.open) this.dialog.close();
  }

  async load(offset = 0) {
    const turn = ++this.#turn;
    this.offset = offset; // an entry that arrives meanwhile loads this page again
    const key = this.dashboard.account;
    try {
      const page = await sendRequest("GET", "/ledger", { query: { key, limit: PAGE, offset } });
      const step = Math.max(1, Math.ceil(page.total / POINTS));
      const { entries } = await sendRequest("GET", "/ledger", { query: { key, limit: POINTS, step } });
      if (turn !== this.#turn) return;
      this.#points = entries.reverse();
      setText(byId("ledger-error"), "");
      this.#render(page, step);
    } catch (error) {
      if (turn === this.#turn) setText(byId("ledger-error"), errorText(error));
    }
  }

  #render({ total, credit_balance: balance, entries }, step) {
    setText(byId("ledger-balance"), `The balance is ${credits(balance)}, after ${number(total)} ${total === 1 ? "entry" : "entries"}.`);
    setText(byId("ledger-step"), step === 1 ? "" : `The picture shows one of each ${number(step)} entries.`);
    setVisible(byId("ledger-empty"), total === 0);
    setVisible(byId("ledger-picture"), total > 0);
    setVisible(byId("ledger-table"), total > 0);
    this.rows.render(entries);
    this.pages.render({ isFirst: this.offset === 0, isLast: this.offset + PAGE >= total, where: `${this.offset + 1}–${Math.min(total, this.offset + PAGE)} of ${number(total)}` });
    this.#draw();
  }

  #row(entry) {
    const what = [KINDS[entry.kind], entry.category, entry.units === null ? null : `${number(entry.units)} units`].filter(Boolean).join(", ");
    const session = entry.session === null ? null : el("button", {
      class: "link", title: entry.session, "aria-label": `Show session ${shortId(entry.session)}`, onclick: () => this.#showSession(entry.session),
    }, shortId(entry.session));
    return el("tr", {},
      el("td", { class: "count wide-only" }, number(entry.number)),
      el("td", {}, instant(entry.at)),
      el("td", {}, what, session && " ", session),
      el("td", { class: "count" }, `${entry.credits > 0 ? "+" : ""}${number(entry.credits)}`, el("span", { class: "narrow-only soft" }, number(entry.balance))),
      el("td", { class: "count wide-only" }, number(entry.balance)));
  }

  #showSession(id) {
    this.dialog.close();
    this.dashboard.sessions.showOnly(id);
  }

  #draw() {
    const place = byId("ledger-picture");
    if (!this.dialog.open || !this.#points.length || place.hidden) return;
    place.querySelector(".chart")?.remove();
    place.prepend(balanceChart(this.#points, place.clientWidth));
    setText(byId("ledger-summary"), chartSummary(this.#points));
  }
}
