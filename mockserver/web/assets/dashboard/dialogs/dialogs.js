// Dialogs: closed by their buttons, by Escape and by a click beside them.

import { errorText } from "../network/api.js";
import { byId, setText } from "../base/dom.js";

// The browser gives the focus back to the element that had it. If that element is hidden or gone by now, the focus goes
// to the element that `fallback` returns, or to the page if that one is disabled.
export function prepareDialog(dialog, fallback) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    const isLost = () => document.activeElement === document.body || dialog.contains(document.activeElement);
    if (isLost()) fallback().focus();
    if (isLost()) byId("dashboard").focus();
  });
  return dialog;
}

// Asks before an act that cannot be undone.
export class ConfirmDialog {
  #act = null;
  #fallback = null;

  constructor(dashboard) {
    this.dialog = prepareDialog(byId("confirm"), () => this.#fallback);
    byId("confirm-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      this.dialog.close();
      try {
        dashboard.announce(await this.#act());
      } catch (error) {
        dashboard.announce(errorText(error), true);
      }
    });
  }

  // `act` returns the announcement of its success. `fallback` gets the focus if the button that opened the dialog is gone.
  open({ title, text, button, act, fallback }) {
    this.#act = act;
    this.#fallback = fallback;
    setText(byId("confirm-title"), title);
    setText(byId("confirm-text"), text);
    setText(byId("confirm-submit"), button);
    this.dialog.showModal();
  }
}
