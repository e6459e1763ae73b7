// Planned faults: what is planned, how often it has struck, and a form for another.

import { Refused, call, reason } from "./api.js";
import { prepared } from "./dialogs.js";
import { Rows, byId, el, say, show, throttled } from "./dom.js";

const MOST = 50;
const SPOILS = { reset: "connection reset", truncate: "answer cut off", malformed: "broken JSON", empty: "no body" };

export class Faults {
  #turn = 0;

  constructor(board) {
    this.board = board;
    this.items = [];
    this.dialog = prepared(byId("fault"), () => byId("fault-plan"));
    this.rows = new Rows(byId("faults"), { make: (item) => this.#row(item), change, keyOf: (item) => item.id, instead: byId("fault-plan") });
    byId("fault-plan").addEventListener("click", () => this.#open());
    byId("faults-forget").addEventListener("click", () => this.#forget(null));
    byId("fault-form").addEventListener("change", () => this.#render());
    byId("fault-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#plan();
    });
    this.reload = throttled(500, () => this.load());
  }

  async load() {
    const turn = ++this.#turn;
    try {
      const { faults } = await call("GET", "/faults", { query: { key: this.board.account } });
      if (turn !== this.#turn) return;
      this.items = faults.reverse();
      say(byId("faults-wrong"), "");
    } catch (error) {
      if (turn !== this.#turn) return;
      this.items = [];
      say(byId("faults-wrong"), reason(error));
    }
    this.rows.render(this.items.slice(0, MOST));
    show(byId("faults-none"), !this.items.length);
    show(byId("faults-forget"), this.items.length > 0, byId("fault-plan"));
  }

  #row(item) {
    return el("li", {},
      el("div", {}, el("strong", {}, does(item)), " ", el("span", { class: "soft" }, toWhat(item))),
      el("div", { class: "line" }, el("span", { class: "tag", "data-part": "left" }),
        el("button", { class: "small", "aria-label": `Forget: ${does(item)}, ${toWhat(item)}`, onclick: () => this.#forget(item.id) }, "Forget")));
  }

  #open() {
    const { account } = this.board;
    byId("fault-form").reset();
    say(byId("fault-wrong"), "");
    say(byId("fault-whose"), account === null ? "For requests of every account." : `For requests of ${account} alone.`);
    this.#render();
    this.dialog.showModal();
  }

  #render() {
    show(byId("fault-answer"), byId("fault-then").value === "status");
    byId("fault-times").disabled = byId("fault-always").checked;
    byId("fault-delay").required = byId("fault-then").value === "";
  }

  async #plan() {
    try {
      const { fault } = await call("POST", "/faults", { body: this.#wanted() });
      this.dialog.close();
      this.board.said(`Planned: ${does(fault)}, ${toWhat(fault)}.`);
      await this.load();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof TypeError || error instanceof WrongHeader)) throw error;
      say(byId("fault-wrong"), error instanceof WrongHeader ? error.message : reason(error));
    }
  }

  #wanted() {
    const text = (id) => byId(id).value.trim();
    const match = Object.fromEntries(Object.entries({ method: text("fault-method"), path: text("fault-path"), key: this.board.account })
      .filter(([, value]) => value));
    const body = { match, times: byId("fault-always").checked ? null : byId("fault-times").valueAsNumber };
    const chance = byId("fault-chance").valueAsNumber;
    if (chance !== 100) body.probability = chance / 100;
    if (text("fault-delay")) body.delay = text("fault-delay");
    const then = byId("fault-then").value;
    if (then === "status") body.then = answer(byId("fault-status").valueAsNumber, text("fault-headers"), text("fault-body"));
    else if (then) body.then = then;
    return body;
  }

  async #forget(id) {
    try {
      await call("DELETE", "/faults", { query: { id, key: id === null ? this.board.account : null } });
      this.board.said(id === null ? "All faults are forgotten." : "The fault is forgotten.");
    } catch (error) {
      this.board.said(reason(error), true);
    }
    await this.load();
  }
}

class WrongHeader extends Error {}

function answer(status, headers, body) {
  const then = { status };
  const lines = headers.split("\n").filter((line) => line.trim());
  if (lines.length) then.headers = Object.fromEntries(lines.map(header));
  if (body) then.body = value(body);
  return then;
}

function header(line) {
  const at = line.indexOf(":");
  if (at < 1) throw new WrongHeader(`The header “${line}” has no colon; Name: value is needed.`);
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

// What is JSON is meant as JSON; other text is a text.
function value(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function does({ delay, then }) {
  const what = then === null || then === undefined ? "" : typeof then === "string" ? SPOILS[then] ?? then : `answers ${then.status}`;
  const late = delay ? `${delay} s late` : "";
  return [what, late].filter(Boolean).join(", ");
}

function toWhat({ match, probability }) {
  const chance = probability < 1 ? `, ${Math.round(probability * 1000) / 10} % of the time` : "";
  return `to ${match.method ?? "any"} ${match.path ?? "*"}${match.key ? ` of ${match.key}` : ""}${chance}`;
}

function change(row, { remaining, struck }) {
  const tag = row.querySelector("[data-part=left]");
  const often = struck ? `struck ${struck} ×` : "waits";
  say(tag, remaining === null ? `${often}, always` : remaining ? `${often}, ${remaining} to go` : `${often}, spent`);
  tag.className = `tag ${remaining === 0 ? "expired" : "fault"}`;
}
