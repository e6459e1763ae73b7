// A request as a JavaScript program that uses `fetch`. Node reads the secrets from the environment.

import { textLiteral } from "./text_literal.js";

export function fetchCode(request) {
  const { method, url, headers, text, isRedirected } = request;
  const sendsBody = text !== null && method !== "GET" && method !== "HEAD";
  const options = [];
  if (method !== "GET") options.push(`  method: ${JSON.stringify(method)},`);
  if (headers.length) {
    const values = headers.map(({ name, value, variable }) => `    ${JSON.stringify(name)}: ${variable ? `process.env.${variable}` : JSON.stringify(value)},`);
    options.push("  headers: {", ...values, "  },");
  }
  if (sendsBody) options.push(`  body: ${bodyCode(request)},`);
  if (isRedirected) options.push('  redirect: "manual",');
  const call = options.length ? [`const response = await fetch(${JSON.stringify(url)}, {`, ...options, "});"] : [`const response = await fetch(${JSON.stringify(url)});`];
  const comment = text !== null && !sendsBody ? [`// fetch sends no body with ${method}`] : [];
  if (headers.some(({ variable }) => variable)) comment.unshift("// for Node: a browser has no process.env");
  return [...comment, ...call, "console.log(response.status, await response.text());"].join("\n");
}

// A value reads better than its text, where JSON.stringify writes the same. A text without a type would get one.
function bodyCode({ body, text, isJson, hasType }) {
  if (isJson && JSON.stringify(body) === text && !text.includes('"__proto__"')) {
    return `JSON.stringify(${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")})`;
  }
  return hasType ? textLiteral(text) : `new TextEncoder().encode(${textLiteral(text)})`;
}
