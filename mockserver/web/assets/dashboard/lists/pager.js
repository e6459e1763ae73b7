// The two buttons under a list that is longer than a page: newer and older.

import { el, setDisabled, setText, setVisible } from "../base/dom.js";

export class Pager {
  // `fallback` gets the focus of a button when only one page is left.
  constructor(nav, { newer, older, fallback, words = ["Newer", "Older"] }) {
    this.nav = nav;
    this.fallback = fallback;
    this.before = el("button", { onclick: newer }, words[0]);
    this.after = el("button", { onclick: older }, words[1]);
    this.where = el("span", { class: "soft" });
    nav.append(this.before, this.where, this.after);
  }

  render({ isFirst, isLast, where }) {
    setVisible(this.nav, !(isFirst && isLast), this.fallback);
    // enable first: a disabled button cannot take the focus of the other
    this.before.disabled &&= isFirst;
    this.after.disabled &&= isLast;
    setDisabled(this.before, isFirst, this.after);
    setDisabled(this.after, isLast, this.before);
    setText(this.where, where);
  }
}
