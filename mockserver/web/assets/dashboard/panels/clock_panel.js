// The clock of the selected account, or the common clock.

import { errorText, sendRequest } from "../network/api.js";
import { clockDifference } from "../lists/account_row.js";
import { byId, el, setText } from "../base/dom.js";
import { clockOffset, clockTime, day } from "../base/format.js";

const distance = (seconds) => (seconds < 0 ? `${clockOffset(-seconds).slice(1)} behind` : `${clockOffset(seconds)} ahead`);

export class ClockPanel {
  constructor(dashboard) {
    this.dashboard = dashboard;
    byId("clock-hour").addEventListener("click", () => this.#change({ advance: "1h" }, "The clock is an hour later."));
    byId("clock-day").addEventListener("click", () => this.#change({ advance: "24h" }, "The clock is 24 hours later."));
    byId("clock-freeze").addEventListener("click", () => this.#freeze());
    byId("clock-reset").addEventListener("click", () => this.#reset());
    byId("clock-to").addEventListener("input", () => (this.isEdited = true));
    byId("clock-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.isEdited = false;
      this.#change({ now: `${byId("clock-to").value}:00Z` }, "The clock is set.");
    });
  }

  render() {
    const { account, clocks } = this.dashboard;
    setText(byId("clock-scope"), account === null ? "The common clock; moving it moves every account’s." : `Of ${account}.`);
    const reading = clocks.reading(account);
    const now = clocks.now(account);
    if (reading === null) return;
    this.#renderCommon(account, reading);
    setText(byId("clock-time"), clockTime(now));
    setText(byId("clock-date"), day(now));
    setText(byId("clock-freeze"), reading.frozen ? "Resume" : "Freeze");
    const tags = [
      ["ahead", Math.abs(reading.offset) >= 0.5 && !reading.frozen ? distance(reading.offset) : null],
      ["frozen", reading.frozen ? "frozen" : null],
      ["real", Math.abs(reading.offset) < 0.5 && !reading.frozen ? "real time" : null],
    ].filter(([, text]) => text);
    const text = tags.map(([, text]) => text).join();
    if (this.tagText !== text) {
      this.tagText = text;
      byId("clock-tags").replaceChildren(...tags.map(([kind, text]) => el("span", { class: `tag ${kind}` }, text)));
    }
    const field = byId("clock-to");
    // the next full minute: a clock never goes back
    if (document.activeElement !== field && !this.isEdited) field.value = new Date(now + 60_000).toISOString().slice(0, 16);
  }

  // An account whose clock differs from the common one: both times.
  #renderCommon(account, reading) {
    const { clocks } = this.dashboard;
    const common = clocks.reading(null);
    const shown = account === null || common === null ? null : clockDifference({ now: new Date(reading.now).toISOString(), offset_seconds: reading.offset, frozen: reading.frozen }, common);
    byId("clock-common").hidden = shown === null;
    if (shown !== null) setText(byId("clock-common"), `Its own clock. The common one shows ${clockTime(clocks.now(null))}, ${day(clocks.now(null))}.`);
  }

  #freeze() {
    const frozen = !this.dashboard.clocks.reading(this.dashboard.account)?.frozen;
    return this.#change({ frozen }, frozen ? "The clock stands still." : "The clock runs on.");
  }

  async #reset() {
    await this.#run(() => sendRequest("DELETE", "/clock", { query: { key: this.dashboard.account } }), "The clock shows real time again.");
  }

  async #change(how, done) {
    const key = this.dashboard.account === null ? {} : { key: this.dashboard.account };
    await this.#run(() => sendRequest("POST", "/clock", { body: { ...how, ...key } }), done);
  }

  async #run(act, done) {
    const errorField = byId("clock-error");
    try {
      const reading = await act();
      setText(errorField, "");
      this.dashboard.clocks.applyChange({ account: this.dashboard.account, ...reading });
      this.dashboard.announce(done);
    } catch (error) {
      setText(errorField, errorText(error));
      this.dashboard.announce(errorText(error), true);
    }
  }
}
