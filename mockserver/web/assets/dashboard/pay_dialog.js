// Paying a session with a test card: with one that pays, declines, or asks for 3-D Secure.

import { call, reason } from "./api.js";
import { prepared } from "./dialogs.js";
import { byId, disable, say, show } from "./dom.js";
import { bought, price, shortId } from "./format.js";

export class Pay {
  #session = null;

  constructor(board) {
    this.board = board;
    this.dialog = prepared(byId("pay"), () => board.sessions.focusable(this.#session.id));
    byId("pay-form").addEventListener("change", () => this.#render());
    byId("pay-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#pay();
    });
  }

  open(session) {
    this.#session = session;
    byId("pay-form").reset();
    say(byId("pay-wrong"), "");
    say(byId("pay-what"), `${bought(session)} for ${price(session)}, session ${shortId(session.id)}`);
    this.#render();
    this.dialog.showModal();
  }

  // The session may be paid elsewhere, or expire, while this is open.
  apply(session) {
    if (session.id !== this.#session?.id || !this.dialog.open) return;
    this.#session = session;
    if (session.status !== "pending") say(byId("pay-wrong"), `This session is ${session.status} by now.`);
    this.#render();
  }

  get #choice() {
    return byId("pay-form").elements.card;
  }

  #render() {
    const isOther = this.#choice.value === "";
    const chosen = this.dialog.querySelector("input[name=card]:checked");
    show(byId("pay-other-line"), isOther);
    byId("pay-number").required = isOther;
    show(byId("pay-secure-line"), isOther || chosen.hasAttribute("data-secure"));
    disable(byId("pay-do"), this.#session.status !== "pending", this.dialog.querySelector("[data-close]"));
  }

  async #pay() {
    const session = this.#session;
    const card = this.#choice.value || byId("pay-number").value;
    const authenticate = byId("pay-secure-line").hidden || byId("pay-secure").checked;
    try {
      await call("POST", `/sessions/${session.id}/pay`, { body: { card, authenticate } });
      this.dialog.close();
      this.board.said(`Paid: ${bought(session)}, session ${shortId(session.id)}.`);
    } catch (error) {
      say(byId("pay-wrong"), reason(error));
    }
  }
}
