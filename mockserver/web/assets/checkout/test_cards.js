// The drawer of test cards: a search, and cards that fill in the form without a request.

const form = document.getElementById("pay");
const drawer = document.getElementById("cards-fold");
const search = document.getElementById("card-search");
const none = document.getElementById("no-cards");
const samples = form.dataset;
const postalCodes = JSON.parse(samples.postal);

function words(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

// A part of the search is the beginning of a word, or of some in a row: "3-d" and "3ds" are those of "3-D Secure". Digits
// may also stand within a number.
function isFound(part, list) {
  const isNumber = /^\d+$/.test(part);
  return list.some((word, at) => list.slice(at).join("").startsWith(part) || (isNumber && word.includes(part)));
}

function find() {
  const parts = search.value.split(/\s+/).map((part) => words(part).replaceAll(" ", "")).filter(Boolean);
  let found = 0;
  for (const group of drawer.querySelectorAll(".group")) {
    const title = words(group.querySelector("h3").textContent);
    let shown = 0;
    for (const row of group.querySelectorAll("li")) {
      const list = `${title} ${words(row.dataset.words)}`.split(" ");
      const isLike = parts.every((part) => isFound(part, list));
      row.hidden = !isLike;
      shown += isLike;
    }
    group.hidden = !shown;
    found += shown;
  }
  none.hidden = found > 0;
}

function setField(name, text) {
  const input = form.elements[name];
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function fill(button) {
  if (!form.elements.email.value) setField("email", samples.email);
  if (!form.elements.name.value) setField("name", samples.name);
  const postal = postalCodes[form.elements.country.value];
  if (!form.elements.postal.value && postal) setField("postal", postal);
  setField("card", button.value);
  setField("expiry", samples.expiry);
  setField("cvc", button.dataset.cvc);
  document.getElementById("progress").textContent = `${form.elements.card.value} is filled in.`;
  document.getElementById("pay-button").focus();
}

drawer.addEventListener("click", (event) => {
  const button = event.target.closest(".fill");
  if (!button) return;
  event.preventDefault();
  fill(button);
});
search.addEventListener("input", find);
search.parentElement.hidden = false;
