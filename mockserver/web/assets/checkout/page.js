// The checkout page works without this. With it the time left runs, and the page notices when its session was paid
// elsewhere or has expired: it asks for the state of this one session, and of nothing else.

const EVERY = 2000;

const page = document.querySelector("main[data-state]");
const shown = document.getElementById("left");
let left = null;
let isSending = false;

function words(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

// `stands`: the account's clock was made to stand still.
function keep(seconds, stands) {
  left = { milliseconds: seconds * 1000, stands, since: performance.now() };
}

function remaining() {
  return left.milliseconds - (left.stands ? 0 : performance.now() - left.since);
}

function show() {
  const text = words(remaining());
  if (shown && shown.textContent !== text) shown.textContent = text;
}

async function look() {
  if (isSending) return;
  const response = await fetch(page.dataset.state, { cache: "no-store" });
  const { status, seconds_left: seconds, frozen } = await response.json();
  // the answer to the form leads on by itself, perhaps to a shop that takes its time
  if (isSending) return;
  // anew, and not reloaded: a page that answers a form would send it again
  if (status !== "pending") location.replace(location.pathname);
  else keep(seconds, frozen);
}

async function watch() {
  try {
    if (!document.hidden) await look();
  } catch {
    // the mock is away; what the form sends will tell
  }
  setTimeout(watch, EVERY);
}

setInterval(() => left && show(), 1000);
watch();
document.addEventListener("submit", () => (isSending = true));
// the browser may show this same page again when the buyer comes back
addEventListener("pageshow", () => (isSending = false));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look().catch(() => {});
});
