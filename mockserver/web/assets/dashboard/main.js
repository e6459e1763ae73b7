// The dashboard: one board, which its panels share, and the stream that keeps them up to date.

import { Accounts } from "./accounts.js";
import { call, reason, setToken } from "./api.js";
import { ClockPanel } from "./clock_panel.js";
import { Clocks } from "./clocks.js";
import { Credits } from "./credits.js";
import { Confirm } from "./dialogs.js";
import { byId, el, framed, say, show } from "./dom.js";
import { Faults } from "./faults.js";
import { Journal } from "./journal.js";
import { Pay } from "./pay_dialog.js";
import { Sessions } from "./sessions.js";
import { Stream } from "./stream.js";

const HIDDEN_FOR = 30_000;
const PATIENCE = 1000;

class Board {
  account = null;
  stream = null;

  constructor() {
    this.clocks = new Clocks(framed(() => this.tick()));
    this.clock = new ClockPanel(this);
    this.accounts = new Accounts(this);
    this.credits = new Credits(this);
    this.sessions = new Sessions(this);
    this.journal = new Journal(this);
    this.faults = new Faults(this);
    this.confirm = new Confirm(this);
    this.pay = new Pay(this);
    byId("reset-all").addEventListener("click", () => this.#reset(null));
    byId("reset-account").addEventListener("click", () => this.#reset(this.account));
    setInterval(() => this.tick(), 1000);
    // browsers open few connections to one host: a tab that nobody sees leaves them to others
    let sleep = null;
    document.addEventListener("visibilitychange", () => {
      clearTimeout(sleep);
      if (document.hidden) sleep = setTimeout(() => this.#stop(), HIDDEN_FOR);
      else if (this.isStarted && !this.stream) this.start();
    });
  }

  start() {
    this.isStarted = true;
    this.#render();
    this.#listen();
  }

  // Make everything about one account, or (null) about all.
  choose(account) {
    if (account === this.account) return;
    this.account = account;
    this.#render();
    this.#listen();
  }

  // What depends on the chosen account alone.
  #render() {
    this.accounts.render();
    this.credits.render();
    say(byId("reset-account"), `Reset ${this.account}…`);
    show(byId("reset-account"), this.account !== null, byId("reset-all"));
  }

  load() {
    clearTimeout(this.waiting);
    this.clocks.forget();
    this.accounts.load(this.accounts.offset);
    this.sessions.load();
    this.journal.load();
    this.faults.load();
  }

  tick() {
    this.clock.render();
    this.sessions.tick();
  }

  // Tell a person what came of what they did; nothing else is said aloud.
  said(text, isWrong = false) {
    const said = byId("said");
    said.replaceChildren(el("p", { class: isWrong ? "bad" : "" }, text));
    clearTimeout(this.saying);
    this.saying = setTimeout(() => said.replaceChildren(), 8000);
  }

  #stop() {
    clearTimeout(this.waiting);
    this.stream?.end();
    this.stream = null;
    connection("off", "Asleep");
  }

  // The lists are loaded when the stream is open, so that no event is missed between the two. Without a stream they are
  // loaded all the same, a little later.
  #listen() {
    this.stream?.end();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.load(), PATIENCE);
    this.stream = new Stream(this.account, {
      event: (name, data) => this.#event(name, data),
      open: () => {
        connection("live", "Live");
        this.load();
      },
      lost: () => connection("lost", "Connecting again"),
    });
  }

  #event(name, data) {
    switch (name) {
      case "exchange":
        this.journal.apply(data);
        if (data.fault) this.faults.reload();
        break;
      case "session":
        this.sessions.apply(data);
        this.pay.apply(data);
        this.accounts.noticed(data);
        break;
      case "account":
        this.accounts.apply(data);
        break;
      case "clock":
        this.clocks.moved(data);
        break;
      case "forgotten":
        this.journal.reload();
        break;
      case "reset":
        if (this.account !== null && [this.account, "everything"].includes(data.reset)) this.choose(null);
        else this.load();
        break;
      case "missed":
        this.load();
        break;
    }
  }

  #reset(account) {
    this.confirm.ask({
      title: account === null ? "Reset everything?" : `Reset ${account}?`,
      text: account === null
        ? "All accounts with their sessions, credits, clocks and faults are forgotten, and the journal. This cannot be undone."
        : "Its sessions, credits, clock, faults and exchanges are forgotten. This cannot be undone.",
      button: account === null ? "Reset everything" : "Reset it",
      instead: byId("reset-all"),
      act: async () => {
        await call("POST", "/reset", { body: account === null ? {} : { key: account } });
        return account === null ? "Everything is reset." : `${account} is reset.`;
      },
    });
  }
}

function connection(state, text) {
  byId("connection").dataset.state = state;
  say(byId("connection-text"), text);
}

// Where the mock asks for a control token: nothing is asked for before there is one that it takes.
function gate(onOpen) {
  const open = (isOpen) => {
    byId("gate").hidden = isOpen;
    byId("dashboard").hidden = !isOpen;
  };
  const ask = (why) => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    open(false);
    say(byId("token-wrong"), why);
    connection("off", "Token needed");
    byId("token").focus();
  };
  byId("token-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    setToken(byId("token").value);
    try {
      await call("GET", "/clock");
    } catch (error) {
      return ask(error.code === "control_token_required" ? "That is not the mock’s control token." : reason(error));
    }
    byId("token").value = "";
    open(true);
    byId("dashboard").focus();
    onOpen();
  });
  setToken(null, () => byId("gate").hidden && ask("The mock does not take that token any more."));
  if (document.body.dataset.token === "asked") return ask("");
  open(true);
  return onOpen();
}

const board = new Board();
gate(() => board.start());
