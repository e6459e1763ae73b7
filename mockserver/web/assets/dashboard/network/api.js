// The client of the control API. Only the memory of this module holds the control token.

const BASE = "/_mock";
let token = null;
let onRefusedToken = () => {};

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.message ?? `the mock answered ${status}`);
    this.status = status;
    this.code = body?.error_code ?? "";
  }
}

export function setToken(value, onRefused) {
  token = value;
  if (onRefused) onRefusedToken = onRefused;
}

export function authHeaders() {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

export function apiUrl(path, query = {}) {
  const parameters = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(parameters).toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

// Returns the JSON of the response. Throws ApiError for a refusal and TypeError if the mock cannot be reached.
export async function sendRequest(method, path, { query, body } = {}) {
  const options = { method, headers: authHeaders(), cache: "no-store" };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(apiUrl(path, query), options);
  return readResponse(response);
}

export async function readResponse(response) {
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  const error = new ApiError(response.status, body);
  if (error.code === "control_token_required") onRefusedToken(error);
  throw error;
}

export function errorText(error) {
  return error instanceof ApiError ? error.message : "The mock cannot be reached.";
}
