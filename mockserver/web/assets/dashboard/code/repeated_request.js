// The request of an exchange as a client repeats it: the bytes that were sent. The journal has no keys: variables stand in
// their place.

const REDACTED = "[redacted]";
const OMITTED_HEADERS = new Set(["host", "content-length", "transfer-encoding", "connection", "accept-encoding", "user-agent",
  "accept", "cookie", "origin", "referer", "upgrade-insecure-requests", "cache-control", "pragma"]);
const VARIABLES = { "x-access-token": "VIDEO_DB_API_KEY", authorization: "MOCKSERVER_AUTHORIZATION" };
// The journal keeps a body without its compression.
const UNDONE_CODING = /^(?:\s*(?:x-gzip|gzip|deflate|identity)?\s*(?:,|$))+$/i;

// `headers` are objects with `name` and either `value` or `variable`, the environment variable of a secret. `text` is the
// exact body, and `body` its value. `losses` are sentences on what the code cannot repeat.
export function repeatedRequest(exchange, origin) {
  const headers = Object.entries(exchange.headers).map(repeatedHeader).filter((header) => header !== null);
  const text = exchange.body_text ?? exchange.body;
  return {
    method: exchange.method,
    url: `${origin}${encodedPath(exchange.path)}${exchange.query ? `?${exchange.query}` : ""}`,
    headers,
    body: exchange.body,
    text,
    hasType: headers.some(({ name }) => name === "content-type"),
    isJson: exchange.body !== null && typeof exchange.body === "object" && /[/+]json\b/i.test(exchange.headers["content-type"] ?? ""),
    isRedirected: exchange.status >= 300 && exchange.status < 400,
    losses: losses(exchange, text),
  };
}

function losses({ body_text: exact, truncated }, text) {
  if (text === null) return [];
  return [
    exact === null ? "The body is no UTF-8: characters � stand for its other bytes." : null,
    text.includes(REDACTED) ? `Keys and card numbers of the body are ${REDACTED}.` : null,
    truncated ? "The journal keeps bodies up to 64 KiB: the code may send less." : null,
  ].filter((loss) => loss !== null);
}

function repeatedHeader([name, value]) {
  if (OMITTED_HEADERS.has(name) || name.startsWith("sec-")) return null;
  if (name === "content-encoding" && UNDONE_CODING.test(value)) return null;
  if (value !== REDACTED) return { name, value };
  return VARIABLES[name] ? { name, variable: VARIABLES[name] } : null;
}

// The journal stores the decoded path; a URL needs it encoded.
const encodedPath = (path) => path.split("/").map((part) => encodeURIComponent(part.toWellFormed())).join("/");
