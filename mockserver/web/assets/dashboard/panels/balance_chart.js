// A picture of a balance over the time of an account's clock: a line in steps, with marks. It is drawn for its width, so
// that its text has the size of other text.

import { credits, moment, number, plural, shortNumber } from "../base/format.js";

const HEIGHT = 240;
const EDGE = { top: 14, right: 14, bottom: 30, left: 62 };
const SHAPES = {
  purchase: "M0,-5 A5,5 0 1 1 0,5 A5,5 0 1 1 0,-5 Z",
  recharge: "M0,-6 L6,5 L-6,5 Z",
  grant: "M0,-6 L6,0 L0,6 L-6,0 Z",
};
const NAMES = { purchase: "Session paid", recharge: "Auto recharge", grant: "Given" };

export function balanceChart(entries, width) {
  const scale = scales(entries, width);
  const svg = shape("svg", { class: "chart", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-labelledby": "ledger-summary" });
  svg.append(...rows(scale, width), ...columns(scale), line(entries, scale), ...marks(entries, scale));
  return svg;
}

// The picture in words.
export function chartSummary(entries) {
  const first = entries[0], last = entries.at(-1);
  const balances = entries.map(({ balance }) => balance);
  const count = (kind) => entries.filter((entry) => entry.kind === kind).length;
  return `The balance from ${moment(first.at)} to ${moment(last.at)}: ${credits(first.balance)} at first, ${credits(last.balance)} at last, `
    + `${number(Math.min(...balances))} at least, ${number(Math.max(...balances))} at most. `
    + `${plural(count("purchase"), "session was paid", "sessions were paid")}, ${plural(count("recharge"), "auto recharge")}, ${plural(count("grant"), "gift")}.`;
}

function scales(entries, width) {
  const times = entries.map(({ at }) => Date.parse(at));
  const balances = [0, ...entries.map(({ balance }) => balance), entries[0].balance - entries[0].credits];
  const ticks = niceTicks(Math.min(...balances), Math.max(...balances));
  const [low, high] = [ticks[0], ticks.at(-1)];
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const inner = width - EDGE.left - EDGE.right;
  return {
    ticks, start, end,
    x: (time) => EDGE.left + (end === start ? inner / 2 : ((time - start) / (end - start)) * inner),
    y: (balance) => EDGE.top + ((high - balance) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom),
    columns: end === start ? 1 : Math.max(2, Math.min(5, Math.floor(inner / 130))),
  };
}

// Three to six round numbers that include both ends.
export function niceTicks(low, top) {
  const high = top === low ? low + 1 : top;
  const span = high - low;
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => span / each <= 5);
  const first = Math.floor(low / step), last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

function rows({ ticks, y }, width) {
  return ticks.flatMap((tick) => [
    shape("line", { class: tick === 0 ? "zero" : "grid", x1: EDGE.left, x2: width - EDGE.right, y1: y(tick), y2: y(tick) }),
    text(shortNumber(tick), { x: EDGE.left - 8, y: y(tick) + 4, "text-anchor": "end" }),
  ]);
}

function columns({ start, end, x, columns: count }) {
  const span = end - start;
  const isNarrow = count < 3;
  const at = Array.from({ length: count }, (_, place) => (count === 1 ? start : start + ((end - start) * place) / (count - 1)));
  const anchors = count === 1 ? ["middle"] : ["start", ...Array(count - 2).fill("middle"), "end"];
  return at.map((time, place) => text(label(time, span, isNarrow), { x: x(time), y: HEIGHT - 8, "text-anchor": anchors[place] }));
}

// As short as the span allows.
function label(time, span, isNarrow) {
  const [date, clock] = moment(new Date(time).toISOString()).split(", ");
  const short = span < 10 * 60_000 ? clock : clock.slice(0, 5);
  if (isNarrow && span > 36 * 3_600_000) return date;
  if (isNarrow) return span < 12 * 3_600_000 ? short : `${date} ${short}`;
  return `${date}, ${short}`;
}

function line(entries, { x, y }) {
  const [first] = entries;
  const start = `M${x(Date.parse(first.at))},${y(first.balance - first.credits)}`;
  const steps = entries.map(({ at, balance }) => `H${x(Date.parse(at))}V${y(balance)}`);
  return shape("path", { class: "balance", d: [start, ...steps].join("") });
}

function marks(entries, { x, y }) {
  return entries.filter(({ kind }) => kind in SHAPES).map((entry) => {
    const mark = shape("path", { class: `mark ${entry.kind}`, d: SHAPES[entry.kind], transform: `translate(${x(Date.parse(entry.at))} ${y(entry.balance)})` });
    const title = shape("title");
    title.textContent = `${NAMES[entry.kind]}, ${moment(entry.at)}: ${credits(entry.credits)}, balance ${number(entry.balance)}`;
    mark.append(title);
    return mark;
  });
}

function text(content, attributes) {
  const element = shape("text", attributes);
  element.textContent = content;
  return element;
}

function shape(name, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
