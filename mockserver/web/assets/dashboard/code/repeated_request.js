// The request of an exchange as a client repeats it. The journal has no keys: variables stand in their place.

const REDACTED = "[redacted]";
const OMITTED_HEADERS = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "accept", "cookie",
  "origin", "referer", "upgrade-insecure-requests", "cache-control", "pragma"]);
const VARIABLES = { "x-access-token": "VIDEO_DB_API_KEY", authorization: "MOCKSERVER_AUTHORIZATION" };

// `headers` are objects with `name` and either `value` or `variable`, the environment variable of a secret.
export function repeatedRequest(exchange, origin) {
  const type = exchange.headers["content-type"] ?? "";
  return {
    method: exchange.method,
    url: `${origin}${encodedPath(exchange.path)}${exchange.query ? `?${exchange.query}` : ""}`,
    headers: Object.entries(exchange.headers).map(repeatedHeader).filter((header) => header !== null),
    body: exchange.body,
    text: exchange.body === null || typeof exchange.body === "string" ? exchange.body : JSON.stringify(exchange.body),
    isJson: exchange.body !== null && typeof exchange.body === "object" && /[/+]json\b/i.test(type),
    isRedirected: exchange.status >= 300 && exchange.status < 400,
  };
}

function repeatedHeader([name, value]) {
  if (OMITTED_HEADERS.has(name) || name.startsWith("sec-")) return null;
  if (value !== REDACTED) return { name, value };
  return VARIABLES[name] ? { name, variable: VARIABLES[name] } : null;
}

// The journal stores the decoded path; a URL needs it encoded.
const encodedPath = (path) => path.split("/").map((part) => encodeURIComponent(part.toWellFormed())).join("/");
