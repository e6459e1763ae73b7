// The control API, as everybody else calls it. The control token is in this module's memory and nowhere else.

const BASE = "/_mock";
let token = null;
let onToken = () => {};

export class Refused extends Error {
  constructor(status, body) {
    super(body?.message ?? `the mock answered ${status}`);
    this.status = status;
    this.code = body?.error_code ?? "";
  }
}

export function setToken(given, asked) {
  token = given;
  if (asked) onToken = asked;
}

export function headers() {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

export function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given).toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

// What a call answers; raises Refused, or TypeError where the mock cannot be reached.
export async function call(method, path, { query, body } = {}) {
  const sent = { method, headers: headers(), cache: "no-store" };
  if (body !== undefined) {
    sent.headers["content-type"] = "application/json";
    sent.body = JSON.stringify(body);
  }
  const response = await fetch(address(path, query), sent);
  return answered(response);
}

export async function answered(response) {
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  const refused = new Refused(response.status, body);
  if (refused.code === "control_token_required") onToken(refused);
  throw refused;
}

export function reason(error) {
  return error instanceof Refused ? error.message : "The mock cannot be reached.";
}
