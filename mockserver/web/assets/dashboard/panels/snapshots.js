// Checkpoints: the states that the mock keeps under a name. They are saved, loaded, compared, and exchanged with files.

import { errorText, sendRequest } from "../network/api.js";
import { KeyedList, byId, el, setText, setVisible } from "../base/dom.js";
import { moment, plural } from "../base/format.js";
import { CompareDialog } from "../dialogs/compare_dialog.js";

export class Snapshots {
  #turn = 0;

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.items = [];
    this.compare = new CompareDialog(this);
    this.rows = new KeyedList(byId("checkpoints"), { create: (item) => this.#createRow(item), update: updateRow, keyOf: (item) => item.name, fallback: byId("checkpoint-name") });
    byId("checkpoint-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run(() => this.#save(byId("checkpoint-name").value.trim()));
    });
    // other clients save checkpoints too
    addEventListener("focus", () => dashboard.isStarted && this.load());
    byId("snapshot-compare").addEventListener("click", () => this.compare.open(null));
    byId("snapshot-download").addEventListener("click", () => this.#run(() => this.#download()));
    byId("snapshot-choose").addEventListener("click", () => byId("snapshot-file").click());
    byId("snapshot-file").addEventListener("change", () => this.#run(() => this.#loadFile()));
  }

  async load() {
    const turn = ++this.#turn;
    try {
      const { checkpoints } = await sendRequest("GET", "/checkpoints");
      if (turn !== this.#turn) return;
      this.items = checkpoints;
    } catch (error) {
      if (turn === this.#turn) setText(byId("snapshots-error"), errorText(error));
      return;
    }
    this.rows.render(this.items);
    setVisible(byId("checkpoints-empty"), !this.items.length);
    this.compare.renderChoices();
  }

  render() {
    setText(byId("snapshots-scope"), this.dashboard.account === null ? "A checkpoint saves the whole mock: all accounts, clocks and faults." : "A checkpoint saves this account alone.");
  }

  #createRow({ name }) {
    const button = (text, act, kind = "") => el("button", { class: `small ${kind}`, "aria-label": `${text.replace("…", "")} ${name}`, onclick: act }, text);
    const find = () => this.items.find((item) => item.name === name);
    return el("li", {},
      el("div", {}, el("strong", {}, name), " ", el("span", { class: "soft", "data-part": "what" })),
      el("div", { class: "row" },
        button("Load…", () => this.#askToLoad(find())),
        button("Compare…", () => this.compare.open(name)),
        button("Delete…", () => this.#askToDelete(name), "danger")));
  }

  async #save(name) {
    const isNew = !this.items.some((item) => item.name === name);
    const { checkpoint } = await sendRequest("POST", "/checkpoints", { body: { name, key: this.dashboard.account ?? undefined } });
    byId("checkpoint-name").value = "";
    await this.load();
    return `${isNew ? "Saved" : "Replaced"}: ${checkpoint.name}, ${contents(checkpoint)}.`;
  }

  #askToLoad(checkpoint) {
    this.#confirm(`Load ${checkpoint.name}?`, checkpoint.account, (key) => sendRequest("POST", "/state", { query: { checkpoint: checkpoint.name, key } }));
  }

  // The state of one account goes into the selected account, or else into its own.
  #confirm(title, account, load) {
    const { account: selected } = this.dashboard;
    const name = (id) => this.dashboard.accounts.nameWithId(id);
    const target = account === null ? null : selected ?? account;
    const into = target === null
      ? "It replaces everything: all accounts, sessions, credits, clocks and faults."
      : `It replaces the sessions, credits, clock and faults of ${name(target)}.${target === account ? "" : ` It is the state of ${name(account)}; its sessions get new ids.`}`;
    this.dashboard.confirm.open({
      title,
      text: `${into} The journal of what is replaced is cleared. This cannot be undone.`,
      button: "Load it",
      fallback: byId("checkpoint-name"),
      act: async () => {
        const answer = await load(target);
        return `Loaded: ${plural(answer.accounts, "account")}, ${plural(answer.sessions, "session")}.`;
      },
    });
  }

  #askToDelete(name) {
    this.dashboard.confirm.open({
      title: `Delete ${name}?`,
      text: "The checkpoint is deleted; the state of the mock stays as it is. This cannot be undone.",
      button: "Delete it",
      fallback: byId("checkpoint-name"),
      act: async () => {
        await sendRequest("DELETE", "/checkpoints", { query: { name } });
        await this.load();
        return `Deleted: ${name}.`;
      },
    });
  }

  async #download() {
    const { account } = this.dashboard;
    const state = await sendRequest("GET", "/state", { query: { key: account } });
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(state, null, 1)}\n`], { type: "application/json" }));
    el("a", { href: url, download: `${account ?? "mock"}.state.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    return `Downloaded: ${plural(state.accounts.length, "account")}.`;
  }

  async #loadFile() {
    const field = byId("snapshot-file");
    const [file] = field.files;
    if (!file) return null;
    const state = JSON.parse(await file.text().finally(() => (field.value = "")));
    if (!isObject(state)) throw new SyntaxError();
    const account = state.clock === null && state.accounts?.length === 1 ? state.accounts[0].id : null;
    this.#confirm(`Load ${file.name}?`, account, (key) => sendRequest("POST", "/state", { query: { key }, body: state }));
    return null;
  }

  async #run(act) {
    try {
      const done = await act();
      setText(byId("snapshots-error"), "");
      if (done) this.dashboard.announce(done);
    } catch (error) {
      const text = error instanceof SyntaxError ? "The file is no state in JSON; Download or mockserver state save writes one." : errorText(error);
      setText(byId("snapshots-error"), text);
      this.dashboard.announce(text, true);
    }
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const contents = ({ account, accounts, sessions }) => `${account ?? plural(accounts, "account")}, ${plural(sessions, "session")}`;

function updateRow(row, item) {
  setText(row.querySelector("[data-part=what]"), `${contents(item)}, saved ${moment(item.saved_at)}`);
}
