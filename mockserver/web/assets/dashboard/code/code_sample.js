// The request of an exchange as code, in a language that one can choose.

import { copyButton, el, setText } from "../base/dom.js";
import { curlCommand } from "./curl.js";
import { fetchCode } from "./fetch_code.js";
import { preference, setPreference } from "../base/preferences.js";
import { pythonCode } from "./python_code.js";
import { repeatedRequest } from "./repeated_request.js";

const LANGUAGES = { curl: curlCommand, Python: pythonCode, fetch: fetchCode };

export function codeSample(exchange) {
  const request = repeatedRequest(exchange, location.origin);
  const variables = request.headers.flatMap(({ variable }) => variable ?? []);
  const code = el("pre", { tabindex: "0", role: "group" });
  const buttons = Object.keys(LANGUAGES).map((language) =>
    el("button", { class: "small", onclick: () => show(language, true) }, language));
  const show = (language, isChoice = false) => {
    setText(code, LANGUAGES[language](request));
    code.setAttribute("aria-label", `The request as ${language}`);
    for (const button of buttons) button.setAttribute("aria-pressed", button.textContent === language);
    if (isChoice) setPreference("language", language);
  };
  const saved = preference("language");
  show(Object.hasOwn(LANGUAGES, saved ?? "") ? saved : "curl");
  return el("div", { class: "sample" },
    el("div", { class: "languages" },
      el("div", { role: "group", "aria-label": "Language" }, ...buttons), copyButton(() => code.textContent, code)),
    code,
    variables.length ? el("p", { class: "soft fine" }, `The journal keeps no keys: the code reads yours from ${variables.join(" and ")}.`) : null,
    ...request.losses.map((loss) => el("p", { class: "fine near" }, loss)));
}
