// Keys for the whole page, the dialog that lists them, and the switch that turns them off.

import { prepareDialog } from "../dialogs/dialogs.js";
import { byId } from "../base/dom.js";
import { preference, setPreference } from "../base/preferences.js";

// The lists with rows to walk through: the list, and the element of a row that takes the focus.
const LISTS = [
  ["exchange-list", ".exchange"],
  ["session-list", "summary"],
  ["accounts", ".account"],
  ["faults", "button"],
];

export class Keys {
  constructor(dashboard) {
    this.dialog = prepareDialog(byId("keys"), () => byId("keys-show"));
    const { journal } = dashboard;
    this.acts = {
      "?": () => this.dialog.showModal(),
      j: () => moveFocus(1),
      k: () => moveFocus(-1),
      a: () => focusOn(document.querySelector(".account[aria-pressed=true]")),
      s: () => focusOn(byId("sessions")),
      r: () => focusOn(byId("journal")),
      "/": () => focusOn(byId("journal-path")),
      v: () => journal.filter.chooseKind(journal.filter.query.violations ? null : "violations"),
      p: () => byId("journal-pause").click(),
      n: () => byId("session-new").click(),
      l: () => openLedger(dashboard),
      f: () => byId("fault-plan").click(),
    };
    byId("keys-show").addEventListener("click", () => this.dialog.showModal());
    byId("keys-on").checked = preference("keys") !== "off";
    byId("keys-on").addEventListener("change", (event) => setPreference("keys", event.target.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    if (event.key === "Escape") return leaveField(event);
    const act = Object.hasOwn(this.acts, event.key) ? this.acts[event.key] : null;
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isBusy(event.target)) return;
    if (preference("keys") === "off") return;
    event.preventDefault();
    act();
  }
}

// A field takes the key itself, and so does a dialog. Before the token is given there is nothing to reach.
function isBusy(target) {
  return byId("dashboard").hidden || document.querySelector("dialog[open]") !== null || target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
}

// Escape leaves a field of the page; a search that has text is cleared first, by the browser.
function leaveField({ target, isComposing }) {
  if (isComposing || target.closest("dialog") || !isBusy(target) || (target.type === "search" && target.value)) return;
  (target.closest(".pane") ?? byId("dashboard")).focus({ preventScroll: true });
}

function openLedger(dashboard) {
  if (dashboard.account === null) dashboard.announce("A ledger is that of one account: choose an account first.");
  else byId("ledger-open").click();
}

// A panel may be higher than the window: then its head comes into sight.
function focusOn(element) {
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: element.matches(".pane") ? "start" : "nearest" });
}

// Move the focus to the next or previous row of its list, or to the first row of the journal.
function moveFocus(by) {
  const [list, part] = LISTS.map(([id, part]) => [byId(id), part]).find(([list]) => list.parentElement.contains(document.activeElement))
    ?? [byId("exchange-list"), ".exchange"];
  const rows = [...list.children];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
  focusOn(rows[next]?.querySelector(part));
}
