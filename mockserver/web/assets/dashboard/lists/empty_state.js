// The content of an empty list: a command to run.

import { copyButton, el, setText } from "../base/dom.js";
import { accountLabel } from "../base/scope.js";

// A mock with --api-key knows its own keys alone, and tells none.
const SAMPLE_KEY = document.body.dataset.key;
const KEY = SAMPLE_KEY || "YOUR_KEY";

function command(text) {
  const code = el("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, text);
  return el("div", { class: "command" }, code, copyButton(() => text, code));
}

const scopeNote = () => el("p", { class: "soft", "data-part": "scope", hidden: true });

// Says which key a command needs: the one of the selected account, or one that the mock knows.
export function scopeEmptyStates(account) {
  for (const note of document.querySelectorAll(".empty [data-part=scope]")) {
    note.hidden = account === null && SAMPLE_KEY !== "";
    setText(note, account === null ? `Put a key of --api-key in place of ${KEY}.` : `This list is that of ${accountLabel(account)}: put the API key of that account in place of ${KEY}.`);
  }
}

export function sessionsEmptyState() {
  const text = `curl ${location.origin}/billing/checkout \\\n  -H 'x-access-token: ${KEY}' \\\n  -H 'content-type: application/json' \\\n  -d '{"amount": 50}'`;
  return el("div", {},
    el("p", {}, el("strong", {}, "No sessions here yet.")),
    el("p", { class: "soft" }, "Any client that calls POST /billing/checkout makes one. To try it:"),
    command(text), scopeNote());
}

export function journalEmptyState() {
  return el("div", {},
    el("p", {}, el("strong", {}, "No requests yet.")),
    el("p", { class: "soft" }, "Requests to /billing and to the checkout pages appear here at once, with their answers and their violations of the contract. Point a client here:"),
    command(`videodb.connect(api_key="${KEY}", base_url="${location.origin}")`), scopeNote());
}
