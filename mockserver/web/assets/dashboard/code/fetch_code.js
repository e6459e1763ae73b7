// A request as a JavaScript program that uses `fetch`. Node reads the secrets from the environment.

export function fetchCode({ method, url, headers, body, text, isJson, isRedirected }) {
  const sendsBody = text !== null && method !== "GET" && method !== "HEAD";
  const options = [];
  if (method !== "GET") options.push(`  method: ${JSON.stringify(method)},`);
  if (headers.length) {
    const values = headers.map(({ name, value, variable }) => `    ${JSON.stringify(name)}: ${variable ? `process.env.${variable}` : JSON.stringify(value)},`);
    options.push("  headers: {", ...values, "  },");
  }
  if (sendsBody) options.push(`  body: ${isJson ? jsonBody(body) : JSON.stringify(text)},`);
  if (isRedirected) options.push('  redirect: "manual",');
  const call = options.length ? [`const response = await fetch(${JSON.stringify(url)}, {`, ...options, "});"] : [`const response = await fetch(${JSON.stringify(url)});`];
  const comment = text !== null && !sendsBody ? [`// fetch sends no body with ${method}`] : [];
  if (headers.some(({ variable }) => variable)) comment.unshift("// for Node: a browser has no process.env");
  return [...comment, ...call, "console.log(response.status, await response.text());"].join("\n");
}

// In a program, a member "__proto__" is no member.
function jsonBody(body) {
  const text = JSON.stringify(body, null, 2);
  return text.includes('"__proto__"') ? JSON.stringify(JSON.stringify(body)) : `JSON.stringify(${text.replaceAll("\n", "\n  ")})`;
}
