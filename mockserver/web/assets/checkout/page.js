// The checkout page works without its scripts. This one updates the time left, and polls the state of the session:
// when it is paid elsewhere or has expired, the page is replaced.

const POLL_MILLISECONDS = 2000;

const page = document.querySelector("main[data-state]");
const output = document.getElementById("left");
let left = null;
let isSubmitting = false;

function formatTime(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

// `frozen`: the account's clock stands still.
function setTimeLeft(seconds, frozen) {
  left = { milliseconds: seconds * 1000, frozen, since: performance.now() };
}

function remaining() {
  return left.milliseconds - (left.frozen ? 0 : performance.now() - left.since);
}

function renderTimeLeft() {
  const text = formatTime(remaining());
  if (output && output.textContent !== text) output.textContent = text;
}

async function checkState() {
  if (isSubmitting) return;
  const response = await fetch(page.dataset.state, { cache: "no-store" });
  const { status, seconds_left: seconds, frozen } = await response.json();
  // the answer to the form replaces this page, but a shop may take its time
  if (isSubmitting) return;
  // not reload(): it would send a form again
  if (status !== "pending") location.replace(location.pathname);
  else setTimeLeft(seconds, frozen);
}

async function poll() {
  try {
    if (!document.hidden) await checkState();
  } catch {
    // the mock cannot be reached; sending the form will show that
  }
  setTimeout(poll, POLL_MILLISECONDS);
}

setInterval(() => left && renderTimeLeft(), 1000);
poll();
document.addEventListener("submit", () => (isSubmitting = true));
// the browser may restore this page when the buyer comes back
addEventListener("pageshow", () => (isSubmitting = false));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) checkState().catch(() => {});
});
