// An exchange's request as a line for a shell. The journal has no keys; the line reads its own from the environment.

const REDACTED = "[redacted]";
const LEFT_OUT = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "accept", "cookie",
  "origin", "referer", "upgrade-insecure-requests", "cache-control", "pragma"]);
const KEYS = { "x-access-token": '"$VIDEO_DB_API_KEY"', authorization: '"$MOCKSERVER_AUTHORIZATION"' };

// A text as one word of a POSIX shell; one with control characters in the form that bash and zsh read.
export function quoted(text) {
  if (!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/[\u0001-\u001f\u007f]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `$'${escaped.replaceAll("\u0000", "")}'`;
}

export function curl(exchange, origin) {
  const url = `${origin}${encodedPath(exchange.path)}${exchange.query ? `?${exchange.query}` : ""}`;
  const parts = ["curl"];
  if (/[[\]{}]/.test(url)) parts.push("--globoff");
  if (exchange.method === "HEAD") parts.push("--head");
  else if (exchange.method !== (exchange.body === null ? "GET" : "POST")) parts.push(`-X ${quoted(exchange.method)}`);
  parts.push(quoted(url));
  for (const [name, value] of Object.entries(exchange.headers)) {
    if (LEFT_OUT.has(name) || name.startsWith("sec-")) continue;
    if (value === REDACTED) {
      if (KEYS[name]) parts.push(`-H '${name}: '${KEYS[name]}`);
      continue;
    }
    parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (exchange.body !== null) parts.push(`--data-raw ${quoted(bodyText(exchange.body))}`);
  return parts.join(" \\\n  ");
}

// The journal has the path as it reads, an address has it encoded.
const encodedPath = (path) => path.split("/").map((part) => encodeURIComponent(part.toWellFormed())).join("/");

const bodyText = (body) => (typeof body === "string" ? body : JSON.stringify(body));
