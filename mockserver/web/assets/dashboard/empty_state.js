// The content of an empty list: a command to run.

import { copyButton, el } from "./dom.js";

function command(text) {
  const code = el("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, text);
  return el("div", { class: "command" }, code, copyButton(() => text, code));
}

export function sessionsEmptyState() {
  const text = `curl ${location.origin}/billing/checkout \\\n  -H 'x-access-token: sk-demo' \\\n  -H 'content-type: application/json' \\\n  -d '{"amount": 50}'`;
  return el("div", {},
    el("p", {}, el("strong", {}, "No sessions here yet.")),
    el("p", { class: "soft" }, "Any client that calls POST /billing/checkout makes one. To try it:"),
    command(text));
}

export function journalEmptyState() {
  return el("div", {},
    el("p", {}, el("strong", {}, "No requests yet.")),
    el("p", { class: "soft" }, "Requests to /billing and to the checkout pages appear here at once, with their answers and their violations of the contract. Point a client here:"),
    command(`videodb.connect(api_key="sk-demo", base_url="${location.origin}")`));
}
