// Newer and older: the two buttons under a list that is longer than a page.

import { disable, el, say, show } from "./dom.js";

export class Pages {
  // `instead`: it gets the focus of a button when there is one page only.
  constructor(nav, { newer, older, instead, words = ["Newer", "Older"] }) {
    this.nav = nav;
    this.instead = instead;
    this.before = el("button", { onclick: newer }, words[0]);
    this.after = el("button", { onclick: older }, words[1]);
    this.where = el("span", { class: "soft" });
    nav.append(this.before, this.where, this.after);
  }

  render({ isFirst, isLast, where }) {
    show(this.nav, !(isFirst && isLast), this.instead);
    // first enabled, then disabled: a disabled button takes no focus from the other
    this.before.disabled &&= isFirst;
    this.after.disabled &&= isLast;
    disable(this.before, isFirst, this.after);
    disable(this.after, isLast, this.before);
    say(this.where, where);
  }
}
