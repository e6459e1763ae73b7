// Buys credits with fetch, reading the reply as the documentation page's JavaScript sample reads it.
// Prints, as JSON, the two texts such a program shows: a URL and an id.

const [, , base, key] = process.argv;

const reply = await fetch(`${base}/billing/checkout`, {
  method: "POST",
  headers: { "Content-Type": "application/json", "x-access-token": key },
  body: JSON.stringify({
    amount: 75,
    successUrl: "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
    cancelUrl: "https://shop.example/basket",
  }),
});
const session = await reply.json();

console.log(JSON.stringify([`${session.checkoutUrl}`, `${session.id}`]));
