// A text as a literal of Python or JavaScript: both have the escapes of JSON. Single quotes leave those of JSON alone.

export function textLiteral(text) {
  const literal = JSON.stringify(text);
  if (!text.includes('"') || text.includes("'")) return literal;
  return `'${literal.slice(1, -1).replace(/\\./g, (escape) => (escape === '\\"' ? '"' : escape))}'`;
}
