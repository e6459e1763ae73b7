// The dialog that pays a session with a test card.

import { errorText, sendRequest } from "../network/api.js";
import { prepareDialog } from "./dialogs.js";
import { byId, setDisabled, setText, setVisible } from "../base/dom.js";
import { price, purchase, shortId } from "../base/format.js";

export class PayDialog {
  #session = null;

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.dialog = prepareDialog(byId("pay"), () => dashboard.sessions.focusTarget(this.#session.id));
    byId("pay-form").addEventListener("change", () => this.#render());
    byId("pay-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#pay();
    });
  }

  open(session) {
    this.#session = session;
    byId("pay-form").reset();
    setText(byId("pay-error"), "");
    setText(byId("pay-summary"), `${purchase(session)} for ${price(session)}, session ${shortId(session.id)}`);
    this.#render();
    this.dialog.showModal();
  }

  // The session may be paid or expire while the dialog is open.
  apply(session) {
    if (session.id !== this.#session?.id || !this.dialog.open) return;
    this.#session = session;
    if (session.status !== "pending") setText(byId("pay-error"), `This session is ${session.status} by now.`);
    this.#render();
  }

  get #choice() {
    return byId("pay-form").elements.card;
  }

  #render() {
    const isOther = this.#choice.value === "";
    const chosen = this.dialog.querySelector("input[name=card]:checked");
    setVisible(byId("pay-other-line"), isOther);
    byId("pay-number").required = isOther;
    setVisible(byId("pay-secure-line"), isOther || chosen.hasAttribute("data-secure"));
    setDisabled(byId("pay-submit"), this.#session.status !== "pending", this.dialog.querySelector("[data-close]"));
  }

  async #pay() {
    const session = this.#session;
    const card = this.#choice.value || byId("pay-number").value;
    const authenticate = byId("pay-secure-line").hidden || byId("pay-secure").checked;
    try {
      await sendRequest("POST", `/sessions/${session.id}/pay`, { body: { card, authenticate } });
      this.dialog.close();
      this.dashboard.announce(`Paid: ${purchase(session)}, session ${shortId(session.id)}.`);
    } catch (error) {
      setText(byId("pay-error"), errorText(error));
    }
  }
}
