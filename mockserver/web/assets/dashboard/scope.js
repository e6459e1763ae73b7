// The selected account: in the titles of the panels, and in the address, so that a link shows the same.

import { setText } from "./dom.js";

const PARAMETER = "account";
const NO_HINT = "sk-…";

// What a person calls an account: its name, the hint of its key, or its id.
export function accountLabel({ id, name, key_hint: hint }) {
  return name ?? (hint && hint !== NO_HINT ? hint : id);
}

// Titles every panel: `data-title` is its word for all accounts.
export function titlePanels(account) {
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
  const url = new URL(location.href);
  if (id === null) url.searchParams.delete(PARAMETER);
  else url.searchParams.set(PARAMETER, id);
  return url;
}
