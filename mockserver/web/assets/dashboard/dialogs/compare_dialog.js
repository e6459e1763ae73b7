// The dialog that compares two checkpoints, or one with the present state.

import { errorText, sendRequest } from "../network/api.js";
import { prepareDialog } from "./dialogs.js";
import { byId, el, setText, setVisible } from "../base/dom.js";

const PRESENT = "";
const MOST = 500;
const ACCOUNT = /\bacct_[0-9a-f]{12}\b/g;

export class CompareDialog {
  #turn = 0;

  constructor(snapshots) {
    this.snapshots = snapshots;
    this.dialog = prepareDialog(byId("compare"), () => byId("snapshot-compare"));
    byId("compare-form").addEventListener("change", () => this.#compare());
    byId("compare-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#compare();
    });
  }

  // Compare a checkpoint (null: the first one) with the present state.
  open(name) {
    this.renderChoices();
    byId("compare-before").value = name ?? this.snapshots.items[0]?.name ?? PRESENT;
    byId("compare-after").value = PRESENT;
    this.dialog.showModal();
    this.#compare();
  }

  renderChoices() {
    for (const field of [byId("compare-before"), byId("compare-after")]) {
      const { value } = field;
      const options = this.snapshots.items.map(({ name }) => el("option", { value: name }, name));
      field.replaceChildren(el("option", { value: PRESENT }, "the present state"), ...options);
      field.value = this.snapshots.items.some(({ name }) => name === value) ? value : PRESENT;
    }
  }

  async #compare() {
    const turn = ++this.#turn;
    const body = Object.fromEntries(["before", "after"].map((name) => [name, byId(`compare-${name}`).value || null]));
    try {
      const { differences } = await sendRequest("POST", "/state/diff", { body });
      if (turn === this.#turn) this.#show(differences, "");
    } catch (error) {
      if (turn === this.#turn) this.#show([], errorText(error));
    }
  }

  #show(differences, error) {
    setText(byId("compare-error"), error);
    setText(byId("compare-count"), error ? "" : differences.length ? `${differences.length} differences` : "No difference.");
    if (differences.length === 1) setText(byId("compare-count"), "1 difference");
    const name = (id) => this.snapshots.dashboard.accounts.nameWithId(id);
    byId("compare-list").replaceChildren(...differences.slice(0, MOST).map((sentence) => el("li", {}, sentence.replace(ACCOUNT, name))));
    setVisible(byId("compare-list"), differences.length > 0);
    setText(byId("compare-more"), differences.length > MOST ? `The first ${MOST} are shown; mockserver state diff shows all.` : "");
  }
}
