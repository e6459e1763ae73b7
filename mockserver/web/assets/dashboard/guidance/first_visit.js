// The hint of a first visit. Once closed, it never comes back in this browser.

import { byId, setVisible } from "../base/dom.js";
import { preference, setPreference } from "../base/preferences.js";

export function showFirstVisit() {
  const hint = byId("hint");
  hint.hidden = preference("hint") === "closed";
  byId("hint-address").textContent = location.origin;
  byId("hint-close").addEventListener("click", () => {
    setPreference("hint", "closed");
    setVisible(hint, false, byId("dashboard"));
  });
}
