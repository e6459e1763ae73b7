// The sessions, newest first, a page at a time; the first page is live.

import { call, reason } from "./api.js";
import { Rows, byId, say, show, throttled } from "./dom.js";
import { emptySessions } from "./empty_state.js";
import { LiveList } from "./live_list.js";
import { Pages } from "./pager.js";
import { changeSessionRow, leftOf, sessionRow } from "./session_row.js";
import { shortId } from "./format.js";

const PAGE = 50;

export class Sessions {
  #live = new LiveList((session) => this.#apply(session));

  constructor(board) {
    this.board = board;
    this.items = [];
    this.offset = 0;
    this.isLast = true;
    this.rows = new Rows(byId("session-list"), {
      make: (item) => sessionRow(item, board),
      change: (row, item) => changeSessionRow(row, item, board.clocks.now(item.account)),
      keyOf: (item) => item.id,
      instead: byId("sessions"),
    });
    this.pages = new Pages(byId("sessions-pages"), {
      newer: () => this.#turned(-PAGE),
      older: () => this.#turned(PAGE),
      instead: byId("sessions"),
    });
    byId("sessions-none").append(emptySessions());
    byId("sessions-status").addEventListener("change", () => this.load());
    this.render = throttled(150, () => this.#render());
    this.reload = throttled(500, () => this.load(this.offset));
  }

  get #status() {
    return byId("sessions-status").value;
  }

  find(id) {
    return this.items.find((item) => item.id === id);
  }

  // The element of a session that can always have the focus; the whole list's if the session is not in it.
  focusable(id) {
    return this.rows.get(id)?.querySelector("[data-act=open]") ?? byId("sessions");
  }

  // A page is turned from what is shown, not from what is still on its way.
  async #turned(by) {
    await this.loading;
    if (by < 0 || !this.isLast) await this.load(Math.max(0, this.offset + by), true);
  }

  load(offset = 0, isTurned = false) {
    this.loading = this.#loaded(offset, isTurned);
    return this.loading;
  }

  async #loaded(offset, isTurned) {
    try {
      await this.#live.load(() => this.#page(offset), (page) => {
        Object.assign(this, page);
        this.isLoaded = true;
        this.render();
        if (isTurned) byId("sessions").scrollTo({ top: 0 });
      });
    } catch (error) {
      this.board.said(reason(error), true);
    }
  }

  async #page(offset) {
    const query = { key: this.board.account, status: this.#status, limit: PAGE + 1, offset };
    const { sessions } = await call("GET", "/sessions", { query });
    if (!sessions.length && offset) return this.#page(0);
    return { offset, isLast: sessions.length <= PAGE, items: sessions.slice(0, PAGE) };
  }

  // A session was made or has changed.
  apply(session) {
    this.#live.handle(session);
  }

  #apply(session) {
    const at = this.items.findIndex((item) => item.id === session.id);
    const isWanted = !this.#status || this.#status === session.status;
    if (at >= 0 && isWanted) this.items[at] = session;
    else if (at >= 0) this.items.splice(at, 1);
    else if (!isWanted || this.offset > 0) return;
    else if (this.#status || !this.#isNewest(session)) return this.reload();
    else this.items.unshift(session);
    if (this.items.length > PAGE) {
      this.items.length = PAGE;
      this.isLast = false;
    }
    this.render();
  }

  // Whether a session that is not shown was made this moment; each account's have its clock's time.
  #isNewest(session) {
    const other = this.items.find((item) => item.account === session.account);
    return other ? session.created_at >= other.created_at : this.isLast;
  }

  async act(session, what, body) {
    try {
      await call("POST", `/sessions/${session.id}/${what}`, { body: body ?? {} });
      this.board.said(`${what === "cancel" ? "Turned back from" : "Expired:"} session ${shortId(session.id)}.`);
    } catch (error) {
      this.board.said(`${reason(error)} Session ${shortId(session.id)}.`, error.code !== "card_declined");
    }
  }

  // Each second: the time that is left, and a look at whatever has none left.
  tick() {
    for (const item of this.items) {
      if (item.status !== "pending") continue;
      const now = this.board.clocks.now(item.account);
      const row = this.rows.get(item.id);
      if (now === null || !row) continue;
      say(row.querySelector("[data-part=left]"), leftOf(item, now));
      if (now >= Date.parse(item.expires_at) + 1500) this.reload();
    }
  }

  #render() {
    this.rows.render(this.items);
    show(byId("sessions-none"), this.isLoaded && !this.items.length, byId("sessions"));
    show(byId("session-list"), this.items.length > 0);
    byId("sessions-none").dataset.filtered = Boolean(this.#status);
    const last = this.offset + this.items.length;
    this.pages.render({ isFirst: this.offset === 0, isLast: this.isLast, where: `${this.offset + 1}–${last}` });
  }
}
