// Give credits to the selected account, or consume some.

import { errorText, sendRequest } from "../network/api.js";
import { byId, setText } from "../base/dom.js";
import { credits } from "../base/format.js";

export class Credits {
  constructor(dashboard) {
    this.dashboard = dashboard;
    byId("credits-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(event.submitter?.value ?? "give");
    });
  }

  render() {
    const { account } = this.dashboard;
    setText(byId("credits-scope"), account === null ? "Choose an account to give it credits, or consume some." : `Of ${account}.`);
    const form = byId("credits-form");
    if (account === null && form.contains(document.activeElement)) byId("credits-title").focus();
    for (const field of form.elements) field.disabled = account === null;
  }

  async #submit(action) {
    const count = byId("credits-count").valueAsNumber;
    const category = byId("credits-category").value.trim();
    const body = { key: this.dashboard.account, credits: count };
    if (action === "consume" && category) body.category = category;
    try {
      const { usage } = await sendRequest("POST", action === "give" ? "/credits" : "/usage", { body });
      setText(byId("credits-error"), "");
      this.dashboard.announce(`${action === "give" ? "Given" : "Consumed"}: ${credits(count)}. The balance is ${credits(usage.credit_balance)}.`);
    } catch (error) {
      setText(byId("credits-error"), errorText(error));
      this.dashboard.announce(errorText(error), true);
    }
  }
}
