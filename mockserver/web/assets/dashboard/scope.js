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

export function addressedAccount() {
  return new URLSearchParams(location.search).get(PARAMETER) || null;
}

// Puts the account into the address, as a new entry of the history.
export function addressAccount(id) {
  if (addressedAccount() === id) return;
  const url = new URL(location.href);
  if (id === null) url.searchParams.delete(PARAMETER);
  else url.searchParams.set(PARAMETER, id);
  history.pushState(null, "", url);
}
