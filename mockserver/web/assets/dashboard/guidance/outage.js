// The mock does not answer: a banner says so, the clock stands still, and buttons that need the mock are disabled.

import { byId, setDisabled, setText, setVisible } from "../base/dom.js";
import { clockTime, plural } from "../base/format.js";

// Reading and copying need no mock.
const USABLE = "[data-close], .exchange, button.tag, .sample button, .command > button, [data-offline] *";
const SILENCE = 300;

export class Outage {
  #disabled = [];
  #focused = null;
  #reunion = null;
  #journal = null;
  isOn = false;

  constructor(dashboard) {
    this.dashboard = dashboard;
  }

  begin() {
    if (this.isOn) return;
    this.isOn = true;
    const banner = byId("outage");
    setText(byId("outage-time"), `${clockTime(Date.now())} UTC`);
    setVisible(banner, true);
    this.#focused = document.activeElement;
    this.#disabled = [...document.querySelectorAll("main button, main select, dialog button")].filter((each) => !each.disabled && !each.matches(USABLE));
    for (const each of this.#disabled) setDisabled(each, true, each.closest("dialog")?.querySelector("[data-close]") ?? banner);
    this.dashboard.announce("The mock does not answer.", true);
  }

  // The mock answers. If it has the same journal, the exchanges that it replays now are those that were missed.
  end(journal) {
    const isNew = this.#journal !== null && journal !== this.#journal;
    this.#journal = journal;
    if (this.isOn) this.#enable();
    else if (!isNew) return;
    this.dashboard.coverage?.doubt();
    this.#reunion = { at: Date.now(), missed: 0, isNew, isIncomplete: false };
    this.#announceSoon();
  }

  #enable() {
    this.isOn = false;
    for (const each of this.#disabled) each.disabled = false;
    if (document.activeElement === byId("outage") && this.#focused.isConnected) this.#focused.focus();
    setVisible(byId("outage"), false, byId("dashboard"));
  }

  // An exchange has arrived, perhaps one of those that were missed.
  count(exchange) {
    if (this.#reunion === null || Date.parse(exchange.at) > this.#reunion.at) return;
    this.#reunion.missed += 1;
    this.#announceSoon();
  }

  // The mock cannot say what was missed: its journal was full.
  loseCount() {
    if (this.#reunion !== null) this.#reunion.isIncomplete = true;
  }

  #announceSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.dashboard.announce(reunionText(this.#reunion));
      this.#reunion = null;
    }, SILENCE);
  }
}

function reunionText({ missed, isNew, isIncomplete }) {
  if (isNew) return "The mock was started anew. Its journal is a new one, and the lists show what it has now.";
  if (isIncomplete) return "The mock answers again. Its journal does not hold all requests that came meanwhile.";
  return `The mock answers again. ${missed ? plural(missed, "request") : "No requests"} came meanwhile.`;
}
