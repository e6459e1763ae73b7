// Credits given to the chosen account, and consumed.

import { call, reason } from "./api.js";
import { byId, say } from "./dom.js";
import { credits } from "./format.js";

export class Credits {
  constructor(board) {
    this.board = board;
    byId("credits-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#do(event.submitter?.value ?? "give");
    });
  }

  render() {
    const { account } = this.board;
    say(byId("credits-whose"), account === null ? "Choose an account to give it credits, or consume some." : `Of ${account}.`);
    const form = byId("credits-form");
    if (account === null && form.contains(document.activeElement)) byId("credits-title").focus();
    for (const field of form.elements) field.disabled = account === null;
  }

  async #do(what) {
    const count = byId("credits-count").valueAsNumber;
    const category = byId("credits-category").value.trim();
    const body = { key: this.board.account, credits: count };
    if (what === "consume" && category) body.category = category;
    try {
      const { usage } = await call("POST", what === "give" ? "/credits" : "/usage", { body });
      say(byId("credits-wrong"), "");
      this.board.said(`${what === "give" ? "Given" : "Consumed"}: ${credits(count)}. The balance is ${credits(usage.credit_balance)}.`);
    } catch (error) {
      say(byId("credits-wrong"), reason(error));
      this.board.said(reason(error), true);
    }
  }
}
