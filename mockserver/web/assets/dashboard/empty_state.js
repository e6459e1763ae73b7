// What stands where nothing is yet: what to run.

import { copyButton, el } from "./dom.js";

function command(text) {
  const code = el("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, text);
  return el("div", { class: "command" }, code, copyButton(() => text, code));
}

export function emptySessions() {
  const text = `curl ${location.origin}/billing/checkout \\\n  -H 'x-access-token: sk-demo' \\\n  -H 'content-type: application/json' \\\n  -d '{"amount": 50}'`;
  return el("div", {},
    el("p", {}, el("strong", {}, "No sessions here yet.")),
    el("p", { class: "soft" }, "Any client that calls POST /billing/checkout makes one. To try it:"),
    command(text));
}

export function emptyJournal() {
  return el("div", {},
    el("p", {}, el("strong", {}, "Nothing was asked yet.")),
    el("p", { class: "soft" }, "What clients send to /billing and to the checkout pages appears here as it happens, with the answer and whether both kept to the contract. Point one here:"),
    command(`export VIDEO_DB_BASE_URL=${location.origin} VIDEO_DB_API_KEY=sk-demo`));
}
