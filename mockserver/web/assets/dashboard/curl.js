// The request of an exchange as a shell command. The journal has no keys: the command reads them from the environment.

const REDACTED = "[redacted]";
const OMITTED_HEADERS = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "accept", "cookie",
  "origin", "referer", "upgrade-insecure-requests", "cache-control", "pragma"]);
const KEY_VARIABLES = { "x-access-token": '"$VIDEO_DB_API_KEY"', authorization: '"$MOCKSERVER_AUTHORIZATION"' };

// Quotes a text as one word for a POSIX shell; control characters need the $'…' form of bash and zsh.
export function shellQuote(text) {
  if (!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/[\u0001-\u001f\u007f]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `$'${escaped.replaceAll("\u0000", "")}'`;
}

export function curlCommand(exchange, origin) {
  const url = `${origin}${encodedPath(exchange.path)}${exchange.query ? `?${exchange.query}` : ""}`;
  const parts = ["curl"];
  if (/[[\]{}]/.test(url)) parts.push("--globoff");
  if (exchange.method === "HEAD") parts.push("--head");
  else if (exchange.method !== (exchange.body === null ? "GET" : "POST")) parts.push(`-X ${shellQuote(exchange.method)}`);
  parts.push(shellQuote(url));
  for (const [name, value] of Object.entries(exchange.headers)) {
    if (OMITTED_HEADERS.has(name) || name.startsWith("sec-")) continue;
    if (value === REDACTED) {
      if (KEY_VARIABLES[name]) parts.push(`-H '${name}: '${KEY_VARIABLES[name]}`);
      continue;
    }
    parts.push(`-H ${shellQuote(`${name}: ${value}`)}`);
  }
  if (exchange.body !== null) parts.push(`--data-raw ${shellQuote(bodyText(exchange.body))}`);
  return parts.join(" \\\n  ");
}

// The journal stores the decoded path; a URL needs it encoded.
const encodedPath = (path) => path.split("/").map((part) => encodeURIComponent(part.toWellFormed())).join("/");

const bodyText = (body) => (typeof body === "string" ? body : JSON.stringify(body));
