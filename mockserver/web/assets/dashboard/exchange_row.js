// One exchange of the journal: a summary line that opens to the details.

import { copyButton, el } from "./dom.js";
import { curlCommand } from "./curl.js";
import { instant, plural, preciseTime } from "./format.js";

export function exchangeRow(exchange) {
  const id = `exchange-${exchange.id}`;
  const violations = [...exchange.contract.request, ...exchange.contract.response];
  const detail = el("div", { id, class: "detail", hidden: true });
  const button = el("button", { class: "exchange", "aria-expanded": "false", "aria-controls": id },
    el("span", { class: `code ${statusClass(exchange.status)}` }, exchange.status ?? "none"),
    el("span", { class: "method" }, exchange.method),
    el("span", { class: "path" }, exchange.path + (exchange.query ? `?${exchange.query}` : "")),
    el("span", { class: "soft fine when" }, `${preciseTime(exchange.at)} · ${exchange.duration_ms.toFixed(1)} ms`));
  const notes = el("div", { class: "notes fine" });
  if (violations.length) notes.append(el("span", { class: "tag broken" }, `${plural(violations.length, "violation")} of the contract`));
  if (exchange.fault) notes.append(el("span", { class: "tag fault" }, "planned fault"));
  if (exchange.notes.length) notes.append(el("span", { class: "tag" }, plural(exchange.notes.length, "note")));
  if (exchange.truncated) notes.append(el("span", { class: "tag" }, "truncated"));
  button.addEventListener("click", () => {
    const isOpen = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", isOpen);
    if (isOpen && !detail.childElementCount) detail.append(...details(exchange));
    detail.hidden = !isOpen;
  });
  return el("li", { class: `item${violations.length ? " broken" : ""}`, "data-id": exchange.id },
    button, notes.childElementCount ? notes : null, detail);
}

function statusClass(status) {
  if (status === null || status >= 500) return "bad";
  if (status >= 400) return "refused";
  return status >= 300 ? "redirect" : "good";
}

function details(exchange) {
  const line = curlCommand(exchange, location.origin);
  const code = el("pre", { tabindex: "0", role: "group", "aria-label": "The request as a command" }, line);
  return [
    verdict(exchange),
    exchange.notes.length ? el("ul", { class: "soft fine" }, ...exchange.notes.map((note) => el("li", {}, note))) : null,
    el("div", { class: "command" }, code, copyButton(() => line, code)),
    line.includes("$VIDEO_DB_API_KEY") ? el("p", { class: "soft fine" }, "The journal keeps no keys: the line reads yours from VIDEO_DB_API_KEY.") : null,
    message("Request", exchange.headers, exchange.body, exchange.contract.request),
    message(exchange.status === null ? "No answer" : `Answer ${exchange.status}`, exchange.response_headers, exchange.response_body, exchange.contract.response),
    el("p", { class: "soft fine" }, facts(exchange).join(" · ")),
  ].filter((part) => part !== null);
}

function facts(exchange) {
  return [
    `Exchange ${exchange.id}`,
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
    el("code", {}, one.pointer || "the whole"), ` ${one.message} `, el("span", { class: "soft" }, one.code)));
  const names = Object.entries(headers);
  return el("div", { class: "message", role: "group", "aria-label": title },
    el("h3", {}, title),
    broken.length ? el("ul", { class: "violations" }, ...broken) : null,
    body === null ? el("p", { class: "soft fine" }, "No body.") : el("pre", { tabindex: "0", role: "group", "aria-label": `Body of ${title}` }, formatBody(body)),
    names.length ? el("details", {}, el("summary", {}, plural(names.length, "header")),
      el("dl", { class: "headers" }, ...names.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]))) : null);
}

const formatBody = (body) => (typeof body === "string" ? body : JSON.stringify(body, null, 2));
