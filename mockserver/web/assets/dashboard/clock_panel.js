// The clock one looks at: the common one, or the chosen account's.

import { call, reason } from "./api.js";
import { byId, el, say } from "./dom.js";
import { ahead, clockTime, day } from "./format.js";

export class ClockPanel {
  constructor(board) {
    this.board = board;
    byId("clock-hour").addEventListener("click", () => this.#move({ advance: "1h" }, "The clock is an hour later."));
    byId("clock-day").addEventListener("click", () => this.#move({ advance: "24h" }, "The clock is 24 hours later."));
    byId("clock-freeze").addEventListener("click", () => this.#freeze());
    byId("clock-reset").addEventListener("click", () => this.#reset());
    byId("clock-to").addEventListener("input", () => (this.isTyped = true));
    byId("clock-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.isTyped = false;
      this.#move({ now: `${byId("clock-to").value}:00Z` }, "The clock is set.");
    });
  }

  render() {
    const { account, clocks } = this.board;
    say(byId("clock-whose"), account === null ? "The common clock; moving it moves every account’s." : `Of ${account}.`);
    const face = clocks.face(account);
    const now = clocks.now(account);
    if (face === null) return;
    say(byId("clock-time"), clockTime(now));
    say(byId("clock-date"), day(now));
    say(byId("clock-freeze"), face.frozen ? "Let it run" : "Freeze");
    const tags = [
      ["ahead", Math.abs(face.offset) >= 0.5 && !face.frozen ? `${ahead(face.offset)} ahead` : null],
      ["frozen", face.frozen ? "frozen" : null],
      ["real", Math.abs(face.offset) < 0.5 && !face.frozen ? "real time" : null],
    ].filter(([, text]) => text);
    const shown = tags.map(([, text]) => text).join();
    if (this.shown !== shown) {
      this.shown = shown;
      byId("clock-tags").replaceChildren(...tags.map(([kind, text]) => el("span", { class: `tag ${kind}` }, text)));
    }
    const field = byId("clock-to");
    // the next full minute: a clock never goes back
    if (document.activeElement !== field && !this.isTyped) field.value = new Date(now + 60_000).toISOString().slice(0, 16);
  }

  #freeze() {
    const frozen = !this.board.clocks.face(this.board.account)?.frozen;
    return this.#move({ frozen }, frozen ? "The clock stands still." : "The clock runs on.");
  }

  async #reset() {
    await this.#do(() => call("DELETE", "/clock", { query: { key: this.board.account } }), "The clock shows real time again.");
  }

  async #move(how, done) {
    const key = this.board.account === null ? {} : { key: this.board.account };
    await this.#do(() => call("POST", "/clock", { body: { ...how, ...key } }), done);
  }

  async #do(act, done) {
    const wrong = byId("clock-wrong");
    try {
      const face = await act();
      say(wrong, "");
      this.board.clocks.moved({ account: this.board.account, ...face });
      this.board.said(done);
    } catch (error) {
      say(wrong, reason(error));
      this.board.said(reason(error), true);
    }
  }
}
