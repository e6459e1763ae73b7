// Calls the mock with the real VideoDB npm package: `checkout` (with a body), `usage` or `invoices`.
// Prints, as JSON, what came of it: {"returned": …}, without the field where it is undefined, or {"raised": {…}}.

import { connect } from "videodb";

const [, , call, base, key, body] = process.argv;

async function answer() {
  const connection = connect(key, base);
  if (call === "usage") {
    return connection.checkUsage();
  }
  if (call === "invoices") {
    return connection.getInvoices();
  }
  const reply = await connection.vhttp.post(["billing", "checkout"], JSON.parse(body));
  return reply.data;
}

try {
  console.log(JSON.stringify({ returned: await answer() }));
} catch (error) {
  const raised = { name: error.constructor.name, message: error.message, cause: error.cause };
  console.log(JSON.stringify({ raised }));
}
