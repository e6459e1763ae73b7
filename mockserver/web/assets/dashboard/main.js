// The dashboard: its panels, and the stream that keeps them up to date.

import { Accounts } from "./panels/accounts.js";
import { errorText, sendRequest, setToken } from "./network/api.js";
import { ClockPanel } from "./panels/clock_panel.js";
import { Clocks } from "./network/clocks.js";
import { Credits } from "./panels/credits.js";
import { Coverage } from "./panels/coverage.js";
import { ConfirmDialog } from "./dialogs/dialogs.js";
import { byId, el, oncePerFrame, setText, setVisible } from "./base/dom.js";
import { scopeEmptyStates } from "./lists/empty_state.js";
import { EventQueue } from "./network/event_queue.js";
import { Faults } from "./panels/faults.js";
import { showFirstVisit } from "./guidance/first_visit.js";
import { Journal } from "./panels/journal.js";
import { Keys } from "./guidance/keys.js";
import { Outage } from "./guidance/outage.js";
import { Ledger } from "./panels/ledger.js";
import { NewSessionDialog } from "./dialogs/new_session.js";
import { PayDialog } from "./dialogs/pay_dialog.js";
import { addressAccount, isId, replaceAccount, takeAddressedAccount, titlePanels } from "./base/scope.js";
import { Sessions } from "./panels/sessions.js";
import { Snapshots } from "./panels/snapshots.js";
import { Stream } from "./network/stream.js";

const HIDDEN_FOR = 30_000;
const STREAM_TIMEOUT = 1000;

class Dashboard {
  account = null;
  stream = null;
  #addressed = takeAddressedAccount();

  constructor() {
    this.clocks = new Clocks(oncePerFrame(() => {
      this.tick();
      this.#renderClocksOfAccounts();
    }));
    this.clock = new ClockPanel(this);
    this.accounts = new Accounts(this);
    this.credits = new Credits(this);
    this.sessions = new Sessions(this);
    this.journal = new Journal(this);
    this.faults = new Faults(this);
    this.confirm = new ConfirmDialog(this);
    this.coverage = byId("coverage-title") && new Coverage(this);
    this.pay = new PayDialog(this);
    this.outage = new Outage(this);
    this.keys = new Keys(this);
    this.events = new EventQueue((name, data) => this.#event(name, data));
    this.newSession = new NewSessionDialog(this);
    this.ledger = new Ledger(this);
    this.snapshots = new Snapshots(this);
    addEventListener("popstate", () => this.isStarted && this.#followAddress());
    byId("reset-all").addEventListener("click", () => this.#reset(null));
    byId("reset-account").addEventListener("click", () => this.#reset(this.account));
    setInterval(() => this.tick(), 1000);
    // browsers open few connections to one host: a hidden tab gives its connection up
    let sleep = null;
    document.addEventListener("visibilitychange", () => {
      clearTimeout(sleep);
      if (document.hidden) sleep = setTimeout(() => this.#stop(), HIDDEN_FOR);
      else if (this.isStarted && !this.stream) this.start();
    });
  }

  async start() {
    this.isStarted = true;
    this.account = await this.#existing(this.#addressed ?? takeAddressedAccount());
    this.#addressed = null;
    this.#render();
    this.#listen();
  }

  // Another entry of the history is shown: its account and its filters.
  async #followAddress() {
    const isFiltered = [this.journal.filter.readAddress(), this.sessions.readAddress()].includes(true);
    const account = await this.#existing(takeAddressedAccount());
    if (account !== this.account) return this.selectAccount(account);
    if (!isFiltered) return;
    this.journal.load();
    this.sessions.load();
  }

  // The id of the account if the mock has it; a link may be old, or have a key.
  async #existing(account) {
    if (account === null) return null;
    const id = await this.accounts.find(account);
    if (id === null) this.announce(isId(account) ? `This mock has no account ${account}.` : "This mock has no account of that key.", true);
    replaceAccount(id);
    return id;
  }

  // Show one account, or (null) all accounts.
  selectAccount(account) {
    if (account === this.account) return;
    this.account = account;
    addressAccount(account);
    this.#render();
    this.#listen();
  }

  // Render the parts that depend on the selected account alone.
  #render() {
    this.accounts.render();
    this.credits.render();
    this.ledger.render();
    this.snapshots.render();
    setVisible(byId("reset-account"), this.account !== null, byId("reset-all"));
  }

  // Rename whatever shows an account.
  titlePanels() {
    const { selected } = this.accounts;
    titlePanels(selected);
    scopeEmptyStates(selected);
    setText(byId("reset-account"), `Reset ${selected?.name ?? this.account}…`);
    this.relabel();
  }

  // True if a row of sessions, journal or faults names the account.
  isShown(account) {
    return [...this.sessions.items, ...this.journal.items].some((item) => item.account === account)
      || this.faults.items.some(({ match }) => match.key === account);
  }

  // Rename the account of each row.
  relabel() {
    this.sessions?.relabel();
    this.journal?.relabel();
    this.faults?.relabel();
  }

  load() {
    clearTimeout(this.loadTimer);
    this.clocks.clear();
    this.accounts.load(this.accounts.offset);
    this.sessions.load();
    this.journal.load();
    this.faults.load();
    this.coverage?.load();
    this.snapshots.load();
    this.ledger.reload();
  }

  tick() {
    if (this.outage?.isOn) return;
    this.clock.render();
    this.sessions.tick();
  }

  // The list marks clocks that differ from the common one.
  #renderClocksOfAccounts() {
    const common = this.clocks.reading(null);
    if (common === this.commonReading) return;
    this.commonReading = common;
    this.accounts.render();
  }

  // Announce the result of an action. Screen readers hear nothing else.
  announce(text, isWrong = false) {
    const region = byId("announcement");
    region.replaceChildren(el("p", { class: isWrong ? "bad" : "" }, text));
    clearTimeout(this.announcementTimer);
    this.announcementTimer = setTimeout(() => region.replaceChildren(), 8000);
  }

  #stop() {
    clearTimeout(this.loadTimer);
    this.stream?.end();
    this.stream = null;
    connection("off", "Asleep");
  }

  // The lists are loaded once the stream is open, so that no event is missed. If the stream does not open, they are
  // loaded after STREAM_TIMEOUT.
  #listen() {
    this.stream?.end();
    this.events.clear();
    clearTimeout(this.loadTimer);
    this.loadTimer = setTimeout(() => this.load(), STREAM_TIMEOUT);
    this.stream = new Stream(this.account, {
      event: (name, text) => this.events.add(name, text),
      open: (journal) => {
        connection("live", "Live");
        this.outage.end(journal);
        this.load();
      },
      // one failure alone may be a stream that has ended
      lost: (failures) => {
        connection("lost", "Connecting again");
        if (failures > 1) this.outage.begin();
      },
      // a mock with a store in memory has started again
      gone: () => {
        this.announce(`This mock has no account ${this.account}.`, true);
        this.selectAccount(null);
      },
    });
  }

  #event(name, data) {
    switch (name) {
      case "exchange":
        this.outage.count(data);
        this.journal.apply(data);
        if (data.fault) this.faults.reload();
        break;
      case "session":
        this.sessions.apply(data);
        this.pay.apply(data);
        this.accounts.applySession(data);
        break;
      case "account":
        this.accounts.applyAccount(data);
        this.ledger.reload();
        break;
      case "clock":
        this.clocks.applyChange(data);
        this.accounts.applyClock(data);
        break;
      case "forgotten":
        this.journal.reload();
        break;
      case "reset":
        this.accounts.known.clear();
        if (this.account !== null && [this.account, "everything"].includes(data.reset)) this.#afterReset(this.account);
        else this.load();
        break;
      case "missed":
        if (data.exchanges) this.outage.loseCount();
        this.load();
        break;
    }
  }

  // The account is gone, unless another state was loaded into it.
  async #afterReset(account) {
    const isThere = await this.accounts.exists(account);
    if (isThere || account !== this.account) this.load();
    else this.selectAccount(null);
  }

  #reset(account) {
    const name = account === null ? "everything" : this.accounts.nameWithId(account);
    this.confirm.open({
      title: `Reset ${name}?`,
      text: account === null
        ? "All accounts with their sessions, credits, clocks and faults are forgotten, and the journal. This cannot be undone."
        : "Its sessions, credits, clock, faults and exchanges are forgotten. This cannot be undone.",
      button: account === null ? "Reset everything" : "Reset it",
      fallback: byId("reset-all"),
      act: async () => {
        await sendRequest("POST", "/reset", { body: account === null ? {} : { key: account } });
        return account === null ? "Everything is reset." : `${name} is reset.`;
      },
    });
  }
}

function connection(state, text) {
  byId("connection").dataset.state = state;
  setText(byId("connection-text"), text);
}

// The form for the control token. Nothing else is requested before the mock has accepted a token.
function openGate(onOpen) {
  const setOpen = (isOpen) => {
    byId("gate").hidden = isOpen;
    byId("dashboard").hidden = !isOpen;
  };
  const lock = (message) => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    setOpen(false);
    setText(byId("token-error"), message);
    connection("off", "Token needed");
    byId("token").focus();
  };
  byId("token-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    setToken(byId("token").value);
    try {
      await sendRequest("GET", "/clock");
    } catch (error) {
      return lock(error.code === "control_token_required" ? "That is not the mock’s control token." : errorText(error));
    }
    byId("token").value = "";
    setOpen(true);
    byId("dashboard").focus();
    onOpen();
  });
  setToken(null, () => byId("gate").hidden && lock("The mock no longer accepts that token."));
  if (document.body.dataset.token === "asked") return lock("");
  setOpen(true);
  return onOpen();
}

const dashboard = new Dashboard();
showFirstVisit();
openGate(() => dashboard.start());
