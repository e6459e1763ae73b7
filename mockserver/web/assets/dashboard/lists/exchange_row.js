// One exchange of the journal: a summary line that opens to the details.

import { codeSample } from "../code/code_sample.js";
import { el, setText } from "../base/dom.js";
import { instant, plural, preciseTime } from "../base/format.js";

const SHOWN_NOTES = 2;

export function exchangeRow(exchange, dashboard) {
  const id = `exchange-${exchange.id}`;
  const violations = [...exchange.contract.request, ...exchange.contract.response];
  const detail = el("div", { id, class: "detail", hidden: true });
  const button = el("button", { class: "exchange", "aria-expanded": "false", "aria-controls": id },
    el("span", { class: "call" },
      el("span", { class: `code ${statusClass(exchange.status)}` }, exchange.status ?? "none"),
      el("span", { class: "method" }, exchange.method),
      el("span", { class: "path" }, exchange.path + (exchange.query ? `?${exchange.query}` : ""))),
    el("span", { class: "soft fine when" }, `${preciseTime(exchange.at)} · ${exchange.duration_ms.toFixed(1)} ms`,
      el("span", { class: "whose", "data-part": "whose" })));
  const open = (isOpen) => {
    button.setAttribute("aria-expanded", isOpen);
    if (isOpen && !detail.childElementCount) detail.append(...details(exchange, dashboard));
    detail.hidden = !isOpen;
  };
  button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
  const tags = summary(exchange, violations, {
    showViolations: () => {
      open(true);
      detail.querySelector(".violations").focus();
    },
    showFault: () => dashboard.faults.show(exchange.fault),
  });
  return el("li", { class: `item${violations.length ? " broken" : ""}`, "data-id": exchange.id },
    button, tags.length ? el("div", { class: "notes fine" }, ...tags) : null, detail);
}

// Names the account of the exchange in a list of all accounts (null: in that of one account).
export function labelExchangeRow(row, label) {
  const part = row.querySelector("[data-part=whose]");
  setText(part, label === null ? "" : ` · ${label}`);
}

// What is special about the exchange. The number of violations leads to them, and a planned fault to its plan.
function summary({ fault, notes, truncated }, violations, { showViolations, showFault }) {
  const more = notes.length - SHOWN_NOTES;
  return [
    violations.length ? el("button", { class: "tag broken", onclick: showViolations }, `${plural(violations.length, "violation")} of the contract`) : null,
    violations.length ? el("span", { class: "first" }, ...said(violations[0])) : null,
    fault ? el("button", { class: "tag fault", onclick: showFault }, "planned fault") : null,
    truncated ? el("span", { class: "tag" }, "truncated") : null,
    ...notes.slice(0, SHOWN_NOTES).map((note) => el("span", { class: "near" }, note)),
    more > 0 ? el("span", { class: "soft" }, `and ${plural(more, "more note", "more notes")}`) : null,
  ].filter((tag) => tag !== null);
}

function statusClass(status) {
  if (status === null || status >= 500) return "bad";
  if (status >= 400) return "refused";
  return status >= 300 ? "redirect" : "good";
}

function details(exchange, dashboard) {
  return [
    verdict(exchange),
    exchange.notes.length > SHOWN_NOTES ? el("ul", { class: "near fine" }, ...exchange.notes.map((note) => el("li", {}, note))) : null,
    codeSample(exchange),
    message("Request", exchange.headers, shownBody(exchange), exchange.contract.request),
    message(exchange.status === null ? "No answer" : `Answer ${exchange.status}`, exchange.response_headers, exchange.response_body, exchange.contract.response),
    actions(exchange, dashboard),
    el("p", { class: "soft fine" }, facts(exchange).join(" · ")),
  ].filter((part) => part !== null);
}

function actions({ method, path, operation }, dashboard) {
  const plan = () => dashboard.faults.open({ method, path: path.replaceAll("[redacted]", "*") });
  return el("div", { class: "row" },
    el("button", { class: "small", onclick: plan }, "Make this path fail…"),
    operation ? el("button", { class: "small", onclick: () => dashboard.journal.filter.chooseOperation(operation) }, `Only ${operation}`) : null);
}

function facts(exchange) {
  return [
    `Exchange ${exchange.id}`,
    exchange.operation ?? "no operation of the contract",
    exchange.account ?? "no account",
    `at ${instant(exchange.at)}`,
    ...(exchange.at.slice(0, 19) === exchange.mock_now.slice(0, 19) ? [] : [`${instant(exchange.mock_now)} by its clock`]),
    ...(exchange.fault ? [`planned fault ${exchange.fault}`] : []),
    ...(exchange.truncated ? ["bodies are kept up to 64 KiB"] : []),
  ];
}

function verdict({ contract }) {
  const count = contract.request.length + contract.response.length;
  return el("p", { class: count ? "verdict bad" : "verdict good" },
    count ? "This exchange violates the contract." : "This exchange conforms to the contract.");
}

function message(title, headers, body, violations) {
  const broken = violations.map((one) => el("li", {},
    ...said(one), " ", el("span", { class: "soft" }, one.code)));
  const names = Object.entries(headers);
  return el("div", { class: "message", role: "group", "aria-label": title },
    el("h3", {}, title),
    broken.length ? el("ul", { class: "violations", tabindex: "-1", "aria-label": `Violations of ${title}` }, ...broken) : null,
    body === null ? el("p", { class: "soft fine" }, "No body.") : el("pre", { tabindex: "0", role: "group", "aria-label": `Body of ${title}` }, formatBody(body)),
    names.length ? el("details", {}, el("summary", {}, plural(names.length, "header")),
      el("dl", { class: "headers" }, ...names.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]))) : null);
}

// The member that violates the contract, and how. A message about a parameter or a whole body names it itself.
const said = ({ pointer, message }) => (pointer ? [el("code", {}, pointer), ` ${message}`] : [message]);

// JSON is indented if that changes nothing but spaces; any other body is shown as it was sent.
function shownBody({ body, body_text: text }) {
  if (text === null) return body;
  const plain = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
  return plain === JSON.stringify(body) ? body : text;
}

const formatBody = (body) => (typeof body === "string" ? body : JSON.stringify(body, null, 2));
