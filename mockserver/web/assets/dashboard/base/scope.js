// The selected account and the filters of the lists: in the titles of the panels, and in the address, so that a link shows
// the same.

import { setText } from "./dom.js";

const PARAMETER = "account";
const TITLE = document.title;
const NO_HINT = "sk-…";

// What a person calls an account: its name, the hint of its key, or its id.
export function accountLabel({ id, name, key_hint: hint }) {
  return name ?? (hint && hint !== NO_HINT ? hint : id);
}

// Titles the tab and every panel: `data-title` is a panel's word for all accounts.
export function titlePanels(account) {
  document.title = account === null ? TITLE : `${accountLabel(account)} · ${TITLE}`;
  for (const title of document.querySelectorAll("[data-title]")) {
    setText(title, account === null ? title.dataset.title : `${title.dataset.title} of ${accountLabel(account)}`);
    if (account === null) title.removeAttribute("title");
    else title.title = account.id;
  }
}

// The account of the address. An API key is a secret: it leaves the address at once.
export function takeAddressedAccount() {
  const account = addressedAccount();
  if (account !== null && !isId(account)) replaceAccount(null);
  return account;
}

export const isId = (account) => account.startsWith("acct_");

function addressedAccount() {
  return new URLSearchParams(location.search).get(PARAMETER) || null;
}

// Puts the account into the address, as a new entry of the history.
export function addressAccount(id) {
  if (addressedAccount() !== id) history.pushState(null, "", urlOf(id));
}

// Puts the account into the address, in the present entry of the history.
export function replaceAccount(id) {
  if (addressedAccount() !== id) history.replaceState(null, "", urlOf(id));
}

function urlOf(id) {
  return urlWith({ [PARAMETER]: id });
}

export const addressedFilter = (name) => new URLSearchParams(location.search).get(name) ?? "";

// Puts filters into the address, in the present entry of the history; an empty one leaves it.
export function addressFilters(values) {
  const url = urlWith(values);
  if (url.href !== location.href) history.replaceState(null, "", url);
}

function urlWith(values) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url;
}
