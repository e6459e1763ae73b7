// Newer and older: the two buttons under a list that is longer than a page.

import { el, say, show } from "./dom.js";

export class Pages {
  constructor(nav, { newer, older, words = ["Newer", "Older"] }) {
    this.nav = nav;
    this.before = el("button", { onclick: newer }, words[0]);
    this.after = el("button", { onclick: older }, words[1]);
    this.where = el("span", { class: "soft" });
    nav.append(this.before, this.where, this.after);
  }

  render({ isFirst, isLast, where }) {
    show(this.nav, !(isFirst && isLast));
    // a button that has the focus and can no longer be used would lose it
    if (isFirst && document.activeElement === this.before) this.after.focus();
    if (isLast && document.activeElement === this.after) this.before.focus();
    this.before.disabled = isFirst;
    this.after.disabled = isLast;
    say(this.where, where);
  }
}
