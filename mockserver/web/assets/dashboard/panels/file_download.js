// A file of the control API, saved by the browser. A link could not send the control token.

import { apiUrl, authHeaders, readResponse } from "../network/api.js";
import { el } from "../base/dom.js";

export async function saveFile(path, query, name) {
  const response = await fetch(apiUrl(path, query), { headers: authHeaders(), cache: "no-store" });
  if (!response.ok) return readResponse(response);
  const url = URL.createObjectURL(await response.blob());
  el("a", { href: url, download: name }).click();
  // the browser reads the file after the click
  return setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
