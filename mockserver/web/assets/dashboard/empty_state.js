// The content of an empty list: a command to run.

import { copyButton, el, setText } from "./dom.js";
import { accountLabel } from "./scope.js";

function command(text) {
  const code = el("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, text);
  return el("div", { class: "command" }, code, copyButton(() => text, code));
}

const scopeNote = () => el("p", { class: "soft", "data-part": "scope", hidden: true });

// Says of which account a key must be, if one is selected: `sk-demo` may be another.
export function scopeEmptyStates(account) {
  for (const note of document.querySelectorAll(".empty [data-part=scope]")) {
    note.hidden = account === null;
    if (account !== null) setText(note, `This list is that of ${accountLabel(account)}: put the API key of that account in place of sk-demo.`);
  }
}

export function sessionsEmptyState() {
  const text = `curl ${location.origin}/billing/checkout \\\n  -H 'x-access-token: sk-demo' \\\n  -H 'content-type: application/json' \\\n  -d '{"amount": 50}'`;
  return el("div", {},
    el("p", {}, el("strong", {}, "No sessions here yet.")),
    el("p", { class: "soft" }, "Any client that calls POST /billing/checkout makes one. To try it:"),
    command(text), scopeNote());
}

export function journalEmptyState() {
  return el("div", {},
    el("p", {}, el("strong", {}, "No requests yet.")),
    el("p", { class: "soft" }, "Requests to /billing and to the checkout pages appear here at once, with their answers and their violations of the contract. Point a client here:"),
    command(`videodb.connect(api_key="sk-demo", base_url="${location.origin}")`), scopeNote());
}
