// Dialogs: closed by their buttons, by Escape and by a click beside them; the browser gives the focus back.

import { reason } from "./api.js";
import { byId, say } from "./dom.js";

export function prepared(dialog) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}

// Asks before what cannot be undone.
export class Confirm {
  #act = null;

  constructor(board) {
    this.dialog = prepared(byId("confirm"));
    byId("confirm-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      this.dialog.close();
      try {
        board.said(await this.#act());
      } catch (error) {
        board.said(reason(error), true);
      }
    });
  }

  // `act` answers with what is said when it is done.
  ask({ title, text, button, act }) {
    this.#act = act;
    say(byId("confirm-title"), title);
    say(byId("confirm-text"), text);
    say(byId("confirm-do"), button);
    this.dialog.showModal();
  }
}
