// Dialogs: closed by their buttons, by Escape and by a click beside them.

import { reason } from "./api.js";
import { byId, say } from "./dom.js";

// The browser gives the focus back to the element that had it. If that element is hidden or gone by now, the focus goes
// to the element that `instead` returns.
export function prepared(dialog, instead) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    const focused = document.activeElement;
    if (focused === document.body || dialog.contains(focused)) instead().focus();
  });
  return dialog;
}

// Asks before what cannot be undone.
export class Confirm {
  #act = null;
  #instead = null;

  constructor(board) {
    this.dialog = prepared(byId("confirm"), () => this.#instead);
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

  // `act` answers with what is said when it is done; `instead` gets the focus if the button that asked is gone by then.
  ask({ title, text, button, act, instead }) {
    this.#act = act;
    this.#instead = instead;
    say(byId("confirm-title"), title);
    say(byId("confirm-text"), text);
    say(byId("confirm-do"), button);
    this.dialog.showModal();
  }
}
