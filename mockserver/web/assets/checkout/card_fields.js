// Masks of the card's fields: the number in groups, with the brand in plain text, the expiry date as MM / YY, and digits
// alone in the security code. The table of brands is the mock's own; the page carries it.

const form = document.getElementById("pay");
const [card, expiry, cvc] = ["card", "expiry", "cvc"].map((id) => document.getElementById(id));
const mark = document.getElementById("brand");
const brands = JSON.parse(form.dataset.brands).map((brand) => ({ ...brand, start: new RegExp(`^(?:${brand.prefix})`) }));
const unknown = { name: "", lengths: [19], cvc: 4, groups: [4, 4, 4, 4, 3] };

function brandOf(digits) {
  return brands.find((brand) => brand.start.test(digits)) ?? unknown;
}

// Digits of any script count: a script has its ten digits in a row.
function asciiDigit(digit) {
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0) - value - 1))) value += 1;
  return value % 10;
}

const withAsciiDigits = (text) => text.replace(/[^\P{Nd}0-9]/gu, asciiDigit);

function digitsOf(text) {
  return withAsciiDigits(text).replace(/\D/g, "");
}

function group(digits, sizes) {
  const groups = [];
  let start = 0;
  for (const size of sizes) {
    groups.push(digits.slice(start, start + size));
    start += size;
  }
  return groups.filter(Boolean).join(" ");
}

// Sets the text, and keeps the caret behind as many digits as before.
function rewrite(input, text) {
  const before = digitsOf(input.value.slice(0, input.selectionEnd)).length;
  if (input.value === text) return;
  const isAtEnd = input.selectionEnd === input.value.length;
  input.value = text;
  if (isAtEnd || document.activeElement !== input) return;
  let caret = 0;
  for (let seen = 0; caret < text.length && seen < before; caret += 1) if (/\d/.test(text[caret])) seen += 1;
  input.setSelectionRange(caret, caret);
}

function maskCard() {
  const brand = brandOf(digitsOf(card.value));
  const digits = digitsOf(card.value).slice(0, Math.max(...brand.lengths));
  rewrite(card, group(digits, brand.groups));
  mark.textContent = brand.name;
  cvc.placeholder = brand.cvc === 4 && brand.name ? "1234" : "123";
}

// A year has two digits in the end. It may be typed or pasted with four; those of the next century stay.
function yearOf(digits) {
  if (digits.length === 4) return digits.startsWith("21") ? digits : digits.slice(2);
  return /^2[01]/.test(digits) ? digits : digits.slice(0, 2);
}

// The digits of month and year. What follows a month of one digit ends it, and a year of four digits may come first.
function expiryDigits(text) {
  const [, year, last] = /^\s*(2[01]\d\d)\D+(\d\d?)\s*$/.exec(text) ?? [];
  if (year) return last.padStart(2, "0") + year;
  return text.replace(/^\s*([1-9])(?=\D)/, "0$1").replace(/\D/g, "");
}

function maskExpiry(event) {
  const isDeleting = event.inputType?.startsWith("delete");
  // the other digit of the month is about to be typed
  if (isDeleting && /^\d \/ /.test(expiry.value)) return;
  let digits = expiryDigits(withAsciiDigits(expiry.value));
  if (/^[2-9]/.test(digits)) digits = `0${digits}`;
  digits = digits.slice(0, 2) + yearOf(digits.slice(2, 6));
  if (digits.length < 2 || (digits.length === 2 && isDeleting)) rewrite(expiry, digits);
  else rewrite(expiry, `${digits.slice(0, 2)} / ${digits.slice(2)}`);
}

function maskCvc() {
  rewrite(cvc, digitsOf(cvc.value).slice(0, brandOf(digitsOf(card.value)).cvc));
}

// A message about a field is true until the field changes.
function withdrawMistake({ target }) {
  if (target.getAttribute("aria-invalid") !== "true") return;
  target.removeAttribute("aria-invalid");
  document.getElementById(`${target.name}-mistake`)?.remove();
  const described = (target.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => document.getElementById(id));
  if (described.length) target.setAttribute("aria-describedby", described.join(" "));
  else target.removeAttribute("aria-describedby");
}

// A text that an input method is composing is its own until it is done.
function keepMasked(input, mask) {
  input.addEventListener("input", (event) => event.isComposing || mask(event));
  input.addEventListener("compositionend", mask);
}

keepMasked(card, maskCard);
keepMasked(expiry, maskExpiry);
keepMasked(cvc, maskCvc);
form.addEventListener("input", withdrawMistake);
if (card.value) maskCard();
