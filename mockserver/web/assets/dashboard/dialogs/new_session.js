// The dialog that creates a session for an amount or for a plan.

import { errorText, sendRequest } from "../network/api.js";
import { prepareDialog } from "./dialogs.js";
import { byId, setText, setVisible } from "../base/dom.js";
import { purchase, shortId } from "../base/format.js";
import { accountLabel } from "../base/scope.js";

export class NewSessionDialog {
  constructor(dashboard) {
    this.dashboard = dashboard;
    this.dialog = prepareDialog(byId("new-session"), () => byId("session-new"));
    byId("session-new").addEventListener("click", () => this.#open());
    byId("new-session-form").addEventListener("change", () => this.#render());
    byId("new-session-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#create();
    });
  }

  #open() {
    const { selected } = this.dashboard.accounts;
    setText(byId("new-session-error"), "");
    setText(byId("new-session-scope"), selected === null ? "For the account of an API key; a new key opens one." : `For ${accountLabel(selected)}, ${selected.id}.`);
    setVisible(byId("new-session-key-line"), selected === null);
    byId("new-session-key").required = selected === null;
    this.#render();
    this.dialog.showModal();
  }

  get #isPlan() {
    return byId("new-session-form").elements["goods"].value === "plan";
  }

  #render() {
    setVisible(byId("new-session-amount-line"), !this.#isPlan);
    setVisible(byId("new-session-plan-line"), this.#isPlan);
    byId("new-session-amount").required = !this.#isPlan;
    byId("new-session-plan").required = this.#isPlan;
  }

  async #create() {
    const text = (id) => byId(id).value.trim() || undefined;
    const goods = this.#isPlan ? { plan_id: text("new-session-plan") } : { amount: byId("new-session-amount").valueAsNumber };
    const body = { key: this.dashboard.account ?? text("new-session-key"), ...goods, success_url: text("new-session-success"), cancel_url: text("new-session-cancel") };
    try {
      const { session } = await sendRequest("POST", "/sessions", { body });
      this.dialog.close();
      this.dashboard.announce(`Created: ${purchase(session)}, session ${shortId(session.id)}.`);
      if (byId("new-session-page").checked) window.open(`/c/pay/${encodeURIComponent(session.id)}`, "_blank", "noopener");
    } catch (error) {
      setText(byId("new-session-error"), errorText(error));
    }
  }
}
