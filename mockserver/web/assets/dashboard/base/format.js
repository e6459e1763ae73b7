// Text for times, durations, counts and prices.

const pad = (number, length = 2) => String(number).padStart(length, "0");

export function clockTime(milliseconds) {
  const date = new Date(milliseconds);
  return `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
}

export function preciseTime(text) {
  return text.slice(11, 23);
}

const DATE = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function day(milliseconds) {
  return `${DATE.format(milliseconds)}, UTC`;
}

const MOMENT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

// A short form for narrow lines.
export function moment(text) {
  return `${MOMENT.format(Date.parse(text))}, ${text.slice(11, 19)}`;
}

export function instant(text) {
  return text === null ? "–" : `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

// The format of the checkout page, with seconds in the last hour.
export function timeLeft(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours) return `${hours} h ${minutes} min left`;
  if (minutes) return `${minutes} min ${pad(seconds % 60)} s left`;
  return `${seconds} s left`;
}

export function clockOffset(seconds) {
  const sign = seconds < 0 ? "−" : "+";
  // round a long offset to minutes: setting a clock takes a moment
  const unit = Math.abs(seconds) < 3600 ? 1 : 60;
  const whole = Math.round(Math.abs(seconds) / unit) * unit;
  const parts = [
    [Math.floor(whole / 86400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ].filter(([count]) => count);
  return parts.length ? `${sign}${parts.slice(0, 2).map(([count, unit]) => `${count} ${unit}`).join(" ")}` : "real time";
}

const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

export function credits(count) {
  return `${NUMBER.format(count)} ${count === 1 ? "credit" : "credits"}`;
}

export const number = (count) => NUMBER.format(count);

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

// A number for little room: 150,000, 1.5M, 2e+20.
export function shortNumber(count) {
  const size = Math.abs(count);
  return size < 1e6 ? number(count) : size < 1e15 ? COMPACT.format(count) : count.toExponential();
}

export function purchase(session) {
  if (session.mode === "subscription") return `Plan ${session.plan_id ?? ""}`.trim();
  return credits(session.credits);
}

export function price(session) {
  if (session.mode === "subscription" || session.amount === null) return credits(session.credits);
  return `${NUMBER.format(session.amount)} ${session.currency.toUpperCase()}`;
}

export function shortId(id) {
  return id.length > 24 ? `${id.slice(0, 14)}…${id.slice(-6)}` : id;
}

export const plural = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;
