// A request as a shell command.

export function curlCommand({ method, url, headers, text, hasType }) {
  const parts = ["curl"];
  if (/[[\]{}]/.test(url)) parts.push("--globoff");
  if (method === "HEAD") parts.push("--head");
  else if (method !== (text === null ? "GET" : "POST")) parts.push(`-X ${shellQuote(method)}`);
  parts.push(shellQuote(url));
  for (const { name, value, variable } of headers) {
    parts.push(variable ? `-H '${name}: '"$${variable}"` : `-H ${shellQuote(`${name}: ${value}`)}`);
  }
  if (text === null) return parts.join(" \\\n  ");
  // curl would add a type of its own
  if (!hasType) parts.push("-H 'content-type:'");
  const isArgument = !text.includes("\0");
  parts.push(isArgument ? `--data-raw ${shellQuote(text)}` : "--data-binary @-");
  return `${isArgument ? "" : `printf ${shellQuote(printfFormat(text))} | `}${parts.join(" \\\n  ")}`;
}

// No argument of a command holds a NUL, but a format of `printf` can name it.
const printfFormat = (text) => text.replace(/[\\%]/g, "$&$&").replaceAll("\0", "\\000");

// Quotes a text without NUL as one word for a POSIX shell; control characters need the $'…' form of bash and zsh.
export function shellQuote(text) {
  if (!/[\u0001-\u0008\u000b-\u001f\u007f]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/[\u0001-\u001f\u007f]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `$'${escaped}'`;
}
