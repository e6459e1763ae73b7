// The sessions, newest first, one page at a time. The first page is live.

import { errorText, sendRequest } from "../network/api.js";
import { KeyedList, byId, setText, setVisible, throttle } from "../base/dom.js";
import { sessionsEmptyState } from "../lists/empty_state.js";
import { LiveList, pageOf } from "../lists/live_list.js";
import { Pager } from "../lists/pager.js";
import { labelSessionRow, sessionRow, timeText, updateSessionRow } from "../lists/session_row.js";
import { shortId } from "../base/format.js";
import { addressFilters, addressedFilter } from "../base/scope.js";

const PAGE = 50;

export class Sessions {
  #live = new LiveList((session) => this.#apply(session));

  constructor(dashboard) {
    this.dashboard = dashboard;
    this.items = [];
    this.offset = 0;
    this.isLast = true;
    this.rows = new KeyedList(byId("session-list"), {
      create: (item) => {
        const row = sessionRow(item, dashboard);
        labelSessionRow(row, item, dashboard.accounts.label(item.account));
        return row;
      },
      update: (row, item) => updateSessionRow(row, item, dashboard.clocks.now(item.account)),
      keyOf: (item) => item.id,
      fallback: byId("sessions"),
    });
    this.pages = new Pager(byId("sessions-pages"), {
      newer: () => this.#turnPage(-PAGE),
      older: () => this.#turnPage(PAGE),
      fallback: byId("sessions"),
    });
    byId("sessions-empty").append(sessionsEmptyState());
    byId("sessions-status").addEventListener("change", () => this.#filter());
    byId("sessions-id").addEventListener("input", throttle(300, () => this.#filter()));
    this.readAddress();
    this.render = throttle(150, () => this.#render());
    this.reload = throttle(500, () => this.load(this.offset));
  }

  // Take the filter of the address. True if it is another one.
  readAddress() {
    const before = this.#status + this.#part;
    byId("sessions-id").value = addressedFilter("session");
    byId("sessions-status").value = addressedFilter("session_status");
    return this.#status + this.#part !== before;
  }

  #filter() {
    addressFilters({ session: this.#part, session_status: this.#status });
    return this.load();
  }

  get #status() {
    return byId("sessions-status").value;
  }

  get #part() {
    return idPart(byId("sessions-id").value.trim());
  }

  find(id) {
    return this.items.find((item) => item.id === id);
  }

  // The element that takes the focus of a session: its link, or the pane if the session is not listed.
  focusTarget(id) {
    return this.rows.get(id)?.querySelector("[data-act=open]") ?? byId("sessions");
  }

  // Filter by a whole id.
  showOnly(id) {
    byId("sessions-status").value = "";
    byId("sessions-id").value = id;
    byId("sessions-id").focus();
    this.#filter();
  }

  // Wait for the page that is being loaded: the next one starts behind it.
  async #turnPage(by) {
    await this.loading;
    if (by < 0 || !this.isLast) await this.load(Math.max(0, this.offset + by), true);
  }

  load(offset = 0, isNewPage = false) {
    this.loading = this.#fetch(offset, isNewPage);
    return this.loading;
  }

  async #fetch(offset, isNewPage) {
    try {
      await this.#live.load(() => this.#page(offset), (page) => {
        Object.assign(this, page);
        this.isLoaded = true;
        this.render();
        if (isNewPage) byId("sessions").scrollTo({ top: 0 });
      });
    } catch (error) {
      this.dashboard.announce(errorText(error), true);
    }
  }

  async #page(offset) {
    const query = { key: this.dashboard.account, status: this.#status, id: this.#part, limit: PAGE + 1, offset };
    const { sessions } = await sendRequest("GET", "/sessions", { query });
    if (!sessions.length && offset) return this.#page(0);
    return { offset, isLast: sessions.length <= PAGE, items: sessions.slice(0, PAGE) };
  }

  // A session is new or has changed.
  apply(session) {
    this.#live.handle(session);
  }

  #apply(session) {
    const at = this.items.findIndex((item) => item.id === session.id);
    const isIncluded = (!this.#status || this.#status === session.status) && session.id.includes(this.#part);
    if (at >= 0 && isIncluded) this.items[at] = session;
    else if (at >= 0) this.items.splice(at, 1);
    else if (!isIncluded || this.offset > 0) return;
    else if (this.#status || this.#part || !this.#isNewest(session)) return this.reload();
    else this.items.unshift(session);
    if (this.items.length > PAGE) {
      this.items = pageOf(this.items, PAGE, ({ id }) => this.rows.get(id)?.querySelector("details[open]"));
      this.isLast = false;
    }
    this.render();
  }

  // True if an unlisted session is newer than those of its account; accounts differ in their clocks.
  #isNewest(session) {
    const other = this.items.find((item) => item.account === session.account);
    return other ? session.created_at >= other.created_at : this.isLast;
  }

  async act(session, what, body) {
    try {
      await sendRequest("POST", `/sessions/${session.id}/${what}`, { body: body ?? {} });
      this.dashboard.announce(`${what === "cancel" ? "Turned back from" : "Expired:"} session ${shortId(session.id)}.`);
    } catch (error) {
      this.dashboard.announce(`${errorText(error)} Session ${shortId(session.id)}.`, error.code !== "card_declined");
    }
  }

  // An account has another name.
  relabel() {
    for (const item of this.items) {
      const row = this.rows.get(item.id);
      if (row) labelSessionRow(row, item, this.dashboard.accounts.label(item.account));
    }
  }

  // Update the remaining times each second; reload if a session should have expired.
  tick() {
    for (const item of this.items) {
      if (item.status === "completed") continue;
      const now = this.dashboard.clocks.now(item.account);
      const row = this.rows.get(item.id);
      if (now === null || !row) continue;
      setText(row.querySelector("[data-part=left]"), timeText(item, now));
      if (item.status === "pending" && now >= Date.parse(item.expires_at) + 1500) this.reload();
    }
  }

  #render() {
    this.rows.render(this.items);
    setVisible(byId("sessions-empty"), this.isLoaded && !this.items.length, byId("sessions"));
    setVisible(byId("session-list"), this.items.length > 0);
    byId("sessions-empty").dataset.filtered = Boolean(this.#status || this.#part);
    const last = this.offset + Math.min(this.items.length, PAGE);
    this.pages.render({ isFirst: this.offset === 0, isLast: this.isLast, where: `${this.offset + 1}–${last}` });
  }
}

// The part of an id in a text that was pasted: the address of a page, or an id as the list shortens it.
function idPart(text) {
  const address = /\/pay\/([^/?#]+)/.exec(text);
  return address ? address[1] : text.split("…")[0];
}
