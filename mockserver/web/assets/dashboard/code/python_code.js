// A request as a Python program that uses `requests`.

import { textLiteral } from "./text_literal.js";

const FUNCTIONS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

export function pythonCode({ method, url, headers, body, text, isJson, isRedirected }) {
  const isNamed = FUNCTIONS.includes(method);
  const lines = [
    `response = requests.${isNamed ? method.toLowerCase() : "request"}(`,
    ...(isNamed ? [] : [`    ${literal(method)},`]),
    `    ${literal(url)},`,
  ];
  if (headers.length) {
    const values = headers.map(({ name, value, variable }) => `        ${literal(name)}: ${variable ? `os.environ["${variable}"]` : literal(value)},`);
    lines.push("    headers={", ...values, "    },");
  }
  if (isJson && writtenByPython(body) === text) lines.push(`    json=${literal(body, "    ")},`);
  else if (text !== null) lines.push(`    data=${textLiteral(text)}.encode(),`);
  if (isRedirected) lines.push("    allow_redirects=False,");
  const imports = headers.some(({ variable }) => variable) ? ["import os", "", "import requests"] : ["import requests"];
  return [...imports, "", ...lines, ")", "print(response.status_code, response.text)"].join("\n");
}

// The JSON that `requests` sends for a value. A value reads better than its text, where both are the same. Python writes
// small fractions otherwise.
function writtenByPython(value) {
  if (typeof value === "number" && value % 1 && Math.abs(value) < 1e-4) return "";
  if (typeof value === "string") return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writtenByPython).join(", ")}]`;
  return `{${Object.entries(value).map(([name, item]) => `${writtenByPython(name)}: ${writtenByPython(item)}`).join(", ")}}`;
}

// A JSON value as a Python literal. JSON's escapes of a text are Python's, too.
function literal(value, indent = "") {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const inner = `${indent}    `;
  const items = isList
    ? value.map((item) => `${inner}${literal(item, inner)},`)
    : Object.entries(value).map(([name, item]) => `${inner}${JSON.stringify(name)}: ${literal(item, inner)},`);
  return items.length ? [open, ...items, indent + close].join("\n") : open + close;
}
