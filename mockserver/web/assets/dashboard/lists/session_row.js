// One session of the list: its purchase, its status and its actions.

import { el, setText, setVisible } from "../base/dom.js";
import { instant, moment, price, purchase, shortId, timeLeft } from "../base/format.js";

const DECLINING = "4000000000000002";

export function sessionRow(session, dashboard) {
  const name = shortId(session.id);
  const act = (text, what, does) => el("button", { class: "small", "data-act": what, "aria-label": `${text} session ${name}`, onclick: does }, text);
  return el("li", { class: "item session", "data-id": session.id },
    el("div", { class: "line" },
      el("span", { class: "tag", "data-part": "status" }),
      el("strong", { class: "what", "data-part": "what" }),
      el("span", { class: "soft", "data-part": "price" }),
      el("span", { class: "left", "data-part": "left" })),
    el("div", { class: "line soft fine" },
      el("code", { title: session.id }, name),
      el("button", { class: "link", "data-part": "account", onclick: () => dashboard.selectAccount(session.account) }),
      el("span", {}, `made ${moment(session.created_at)}`)),
    el("p", { class: "fine attempt", "data-part": "attempt" }),
    el("div", { class: "row actions" },
      act("Pay", "pay", () => dashboard.pay.open(dashboard.sessions.find(session.id))),
      act("Decline", "decline", () => dashboard.sessions.act(session, "pay", { card: DECLINING })),
      act("Cancel", "cancel", () => dashboard.sessions.act(session, "cancel")),
      act("Expire", "expire", () => dashboard.sessions.act(session, "expire")),
      el("a", { class: "button small", href: `/c/pay/${encodeURIComponent(session.id)}`, target: "_blank", rel: "noopener", "data-act": "open" },
        "Open", el("span", { class: "hidden" }, ` the page of session ${name}, in a new tab`)),
      details(session)));
}

function details(session) {
  const list = el("dl", { "data-part": "more" });
  return el("details", { class: "more" }, el("summary", {}, "More", el("span", { class: "hidden" }, ` of session ${shortId(session.id)}`)), list);
}

export function updateSessionRow(row, session, now) {
  const part = (name) => row.querySelector(`[data-part=${name}]`);
  const isPending = session.status === "pending";
  if (row.dataset.status !== session.status) {
    if (row.dataset.status) row.classList.add("changed");
    row.dataset.status = session.status;
  }
  setText(part("status"), session.status);
  part("status").className = `tag ${session.status}`;
  setText(part("what"), purchase(session));
  setText(part("price"), price(session));
  setText(part("left"), timeText(session, now));
  const last = session.attempts.at(-1);
  const outcome = last && last.outcome !== "paid" ? `Last attempt: ${last.outcome.replaceAll("_", " ")}, card •••• ${last.card_last4}` : "";
  setText(part("attempt"), outcome);
  setVisible(part("attempt"), outcome !== "");
  const open = row.querySelector("[data-act=open]");
  for (const what of ["pay", "decline", "cancel", "expire"]) setVisible(row.querySelector(`[data-act=${what}]`), isPending, open);
  const more = facts(session);
  const list = part("more");
  const text = JSON.stringify(more);
  if (list.dataset.text !== text) {
    list.dataset.text = text;
    list.replaceChildren(...more.flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]));
  }
}

export function labelSessionRow(row, { account }, label) {
  const button = row.querySelector("[data-part=account]");
  if (button.textContent === label && button.title === account) return;
  setText(button, label);
  button.title = account;
  button.setAttribute("aria-label", `Only account ${label}${label === account ? "" : `, ${account}`}`);
}

export function timeText(session, now) {
  if (session.status === "completed") return `paid ${moment(session.completed_at)}`;
  if (session.status === "expired") return now !== null && now < Date.parse(session.expires_at) ? "before its time" : `by ${moment(session.expires_at)}`;
  return now === null ? "" : timeLeft(Date.parse(session.expires_at) - now);
}

const facts = (session) => [
  ["Id", session.id],
  ["Page", session.url],
  ["Mode", session.mode],
  ["Plan", session.plan_id ?? "–"],
  ["Success URL", session.success_url ?? "–"],
  ["Cancel URL", session.cancel_url ?? "–"],
  ["Made", instant(session.created_at)],
  ["Expires", instant(session.expires_at)],
  ...(session.email ? [["E-mail", session.email]] : []),
  ...(session.buyer_name ? [["Buyer", [session.buyer_name, session.postal_code, session.country].filter(Boolean).join(", ")]] : []),
  ...session.attempts.map((attempt, number) => [
    `Attempt ${number + 1}`, `${instant(attempt.at)}, ${attempt.card_brand ?? "card"} •••• ${attempt.card_last4}: ${attempt.outcome.replaceAll("_", " ")}`,
  ]),
];
