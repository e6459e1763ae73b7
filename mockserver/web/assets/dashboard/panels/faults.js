// The planned faults with their counts, and the form that plans another.

import { ApiError, errorText, sendRequest } from "../network/api.js";
import { prepareDialog } from "../dialogs/dialogs.js";
import { KeyedList, byId, el, setText, setVisible, throttle } from "../base/dom.js";

const LIMIT = 50;
const EFFECT_NAMES = { reset: "connection reset", truncate: "answer cut off", malformed: "broken JSON", empty: "no body" };

export class Faults {
  #turn = 0;

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.items = [];
    this.dialog = prepareDialog(byId("fault"), () => byId("fault-plan"));
    this.rows = new KeyedList(byId("faults"), {
      create: (item) => this.#createRow(item),
      update: (row, item) => updateRow(row, item, this.#target(item)),
      keyOf: (item) => item.id,
      fallback: byId("fault-plan"),
      alwaysUpdate: true,
    });
    byId("fault-plan").addEventListener("click", () => this.open());
    byId("faults-forget").addEventListener("click", () => this.#delete(null));
    byId("fault-form").addEventListener("change", () => this.#render());
    byId("fault-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#plan();
    });
    this.reload = throttle(500, () => this.load());
  }

  async load() {
    const turn = ++this.#turn;
    try {
      const { faults } = await sendRequest("GET", "/faults");
      if (turn !== this.#turn) return;
      this.items = faults.reverse().filter(({ match }) => this.dashboard.account === null || !match.key || this.#isOwn({ match }));
      setText(byId("faults-error"), "");
    } catch (error) {
      if (turn !== this.#turn) return;
      this.items = [];
      setText(byId("faults-error"), errorText(error));
    }
    this.relabel();
    setVisible(byId("faults-empty"), !this.items.length);
    const { account } = this.dashboard;
    setText(byId("faults-forget"), account === null ? "Forget all" : "Forget its own");
    setVisible(byId("faults-forget"), this.items.some((item) => account === null || this.#isOwn(item)), byId("fault-plan"));
  }

  // Planned for the selected account alone. A fault for every account strikes the selected one too.
  #isOwn({ match }) {
    return match.key === this.dashboard.account;
  }

  // The requests that a fault strikes. Its account is named unless all of the panel is that account's.
  #target(item) {
    const { account, accounts } = this.dashboard;
    if (account === null) return targetText(item, item.match.key && accounts.label(item.match.key));
    return targetText(item, this.#isOwn(item) ? null : "every account");
  }

  // Render the rows, possibly with other names of accounts.
  relabel() {
    this.rows.render(this.items.slice(0, LIMIT));
  }

  // Lead to a fault, or to the panel if the fault is forgotten.
  show(id) {
    const place = this.rows.get(id)?.querySelector("button") ?? byId("faults-title");
    place.focus();
    place.scrollIntoView({ block: "nearest" });
  }

  #createRow(item) {
    return el("li", {},
      el("div", {}, el("strong", {}, effectText(item)), " ", el("span", { class: "soft", "data-part": "target" })),
      el("div", { class: "line" }, el("span", { class: "tag", "data-part": "left" }),
        el("button", { class: "small", onclick: () => this.#delete(item.id) }, "Forget")));
  }

  // Open the form, possibly filled for a method and a path.
  open({ method = "", path = null } = {}) {
    const { account } = this.dashboard;
    byId("fault-form").reset();
    byId("fault-method").value = method;
    if (path !== null) byId("fault-path").value = path;
    setText(byId("fault-error"), "");
    setText(byId("fault-scope"), account === null ? "For requests of every account." : `For requests of ${this.dashboard.accounts.nameWithId(account)} alone.`);
    this.#render();
    this.dialog.showModal();
  }

  #render() {
    setVisible(byId("fault-answer"), byId("fault-then").value === "status");
    byId("fault-times").disabled = byId("fault-always").checked;
    byId("fault-delay").required = byId("fault-then").value === "";
  }

  async #plan() {
    try {
      const { fault } = await sendRequest("POST", "/faults", { body: this.#payload() });
      this.dialog.close();
      this.dashboard.announce(`Planned: ${effectText(fault)}, ${this.#target(fault)}.`);
      await this.load();
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof TypeError || error instanceof HeaderError)) throw error;
      setText(byId("fault-error"), error instanceof HeaderError ? error.message : errorText(error));
    }
  }

  #payload() {
    const text = (id) => byId(id).value.trim();
    const match = Object.fromEntries(Object.entries({ method: text("fault-method"), path: text("fault-path"), key: this.dashboard.account })
      .filter(([, value]) => value));
    const body = { match, times: byId("fault-always").checked ? null : byId("fault-times").valueAsNumber };
    const chance = byId("fault-chance").valueAsNumber;
    if (chance !== 100) body.probability = chance / 100;
    if (text("fault-delay")) body.delay = text("fault-delay");
    const then = byId("fault-then").value;
    if (then === "status") body.then = replySpec(byId("fault-status").valueAsNumber, text("fault-headers"), text("fault-body"));
    else if (then) body.then = then;
    return body;
  }

  async #delete(id) {
    try {
      await sendRequest("DELETE", "/faults", { query: { id, key: id === null ? this.dashboard.account : null } });
      this.dashboard.announce(id === null ? `All faults ${this.dashboard.account === null ? "" : "of the account "}are forgotten.` : "The fault is forgotten.");
    } catch (error) {
      this.dashboard.announce(errorText(error), true);
    }
    await this.load();
  }
}

class HeaderError extends Error {}

function replySpec(status, headers, body) {
  const then = { status };
  const lines = headers.split("\n").filter((line) => line.trim());
  if (lines.length) then.headers = Object.fromEntries(lines.map(parseHeader));
  if (body) then.body = parseBody(body);
  return then;
}

function parseHeader(line) {
  const at = line.indexOf(":");
  if (at < 1) throw new HeaderError(`The header “${line}” has no colon; Name: value is needed.`);
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

// A body that is valid JSON is sent as JSON, any other as text.
function parseBody(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function effectText({ delay, then }) {
  const what = then === null || then === undefined ? "" : typeof then === "string" ? EFFECT_NAMES[then] ?? then : `answers ${then.status}`;
  const late = delay ? `${delay} s late` : "";
  return [what, late].filter(Boolean).join(", ");
}

function targetText({ match, probability }, whose) {
  const chance = probability < 1 ? `, ${Math.round(probability * 1000) / 10} % of the time` : "";
  return `to ${match.method ?? "any"} ${match.path ?? "*"}${whose ? ` of ${whose}` : ""}${chance}`;
}

function updateRow(row, item, target) {
  const { remaining, struck } = item;
  setText(row.querySelector("[data-part=target]"), target);
  row.querySelector("button").setAttribute("aria-label", `Forget: ${effectText(item)}, ${target}`);
  const tag = row.querySelector("[data-part=left]");
  const often = struck ? `struck ${struck} ×` : "waits";
  setText(tag, remaining === null ? `${often}, always` : remaining ? `${often}, ${remaining} to go` : `${often}, spent`);
  tag.className = `tag ${remaining === 0 ? "expired" : "fault"}`;
}
