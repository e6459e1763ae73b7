// The mock does not answer: a banner says so, the clock stands still, and buttons that need the mock are disabled.

import { byId, setDisabled, setText, setVisible } from "./dom.js";
import { clockTime, plural } from "./format.js";

// Reading and copying need no mock.
const USABLE = "[data-close], .exchange, button.tag, .sample button, .command > button, [data-offline] *";
const SILENCE = 300;

export class Outage {
  #disabled = [];
  #focused = null;
  #reunion = null;
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

  // The mock answers. The exchanges that it replays now are those that were missed.
  end() {
    if (!this.isOn) return;
    this.isOn = false;
    for (const each of this.#disabled) each.disabled = false;
    if (document.activeElement === byId("outage") && this.#focused.isConnected) this.#focused.focus();
    setVisible(byId("outage"), false, byId("dashboard"));
    this.#reunion = { at: Date.now(), missed: 0, isNewJournal: false };
    this.#announceSoon();
  }

  // An exchange has arrived, perhaps one of those that were missed.
  count(exchange) {
    if (this.#reunion === null || Date.parse(exchange.at) > this.#reunion.at) return;
    this.#reunion.missed += 1;
    this.#announceSoon();
  }

  // The mock cannot say what was missed: its journal began anew, or is full.
  loseCount() {
    if (this.#reunion !== null) this.#reunion.isNewJournal = true;
  }

  #announceSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { missed, isNewJournal } = this.#reunion;
      this.#reunion = null;
      this.dashboard.announce(`The mock answers again. ${missedText(missed, isNewJournal)}`);
    }, SILENCE);
  }
}

function missedText(missed, isNewJournal) {
  const requests = plural(missed, "request");
  if (isNewJournal) return missed ? `Its journal is another one, with ${requests}.` : "Its journal is empty.";
  return missed ? `${requests} came meanwhile.` : "No requests came meanwhile.";
}
