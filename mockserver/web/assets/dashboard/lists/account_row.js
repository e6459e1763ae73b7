// One account of the list: what it is called, its balance, its last activity, and its clock if that differs.

import { el, setText, setVisible } from "../base/dom.js";
import { clockOffset, clockTime, credits, instant, moment, plural } from "../base/format.js";
import { accountLabel } from "../base/scope.js";

export function accountRow(item, onSelect) {
  const part = (name, className) => el("span", { class: className, "data-part": name });
  return el("li", {}, el("button", { class: "account", onclick: () => onSelect(item.id) },
    part("name", "account-name"), " ", part("balance", "account-balance"), " ",
    part("id", "account-id soft"), " ", part("sessions", "account-sessions soft"), " ", part("clock", "tag ahead account-clock")));
}

export function updateAccountRow(row, item, { isSelected, common }) {
  const [button] = row.children;
  const part = (name) => button.querySelector(`[data-part=${name}]`);
  if (button.getAttribute("aria-pressed") !== String(isSelected)) button.setAttribute("aria-pressed", isSelected);
  setText(part("name"), item.id === null ? "All accounts" : accountLabel(item));
  const clock = clockDifference(item, common);
  setVisible(part("clock"), clock !== null);
  if (clock !== null) setText(part("clock"), clock);
  if (item.sessions === undefined) return;
  setText(part("id"), [accountLabel(item) === item.id ? null : item.id, item.name && item.key_hint].filter(Boolean).join(" · "));
  setText(part("balance"), credits(item.credit_balance));
  const last = item.last_activity === null ? "no activity" : `active ${moment(item.last_activity)}`;
  setText(part("sessions"), `${plural(item.sessions, "session")} · ${last}`);
  part("sessions").title = item.last_activity === null ? "" : `Last activity, on its clock: ${instant(item.last_activity)}`;
}

// The difference of a clock from the common one; null if they show the same.
export function clockDifference(reading, common) {
  if (!common || reading.offset_seconds === undefined) return null;
  const seconds = reading.offset_seconds - common.offset;
  if (reading.frozen && common.frozen) return Math.abs(Date.parse(reading.now) - common.now) < 1000 ? null : `frozen at ${clockTime(Date.parse(reading.now))}`;
  if (reading.frozen) return `frozen at ${moment(reading.now)}`;
  if (common.frozen) return "runs";
  return Math.abs(seconds) < 1 ? null : `clock ${clockOffset(seconds)}`;
}
