// The checkout page works without its scripts. This one updates the time left, and polls the state of the session:
// when it is paid elsewhere or has expired, the page is replaced. While the mock does not answer, a note says so and no
// form is sent: the browser's error page would take the place of what was typed.

const POLL_MILLISECONDS = 2000;
const UNKNOWN = 404;

const page = document.querySelector("main[data-state]");
const output = document.getElementById("left");
const lost = Object.assign(document.createElement("p"), { className: "lost", role: "alert", tabIndex: -1, hidden: true });
let left = null;
let isSubmitting = false;
let failures = 0;

lost.dataset.testid = "connection";
lost.textContent = "The mock does not answer. What you typed stays here; pay when this note has gone.";
page.append(lost);

// One failure alone may be a moment.
function countFailures(count) {
  failures = count;
  lost.hidden = count < 2;
}

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
  if (!response.ok && response.status !== UNKNOWN) throw new Error(response.statusText);
  const { status, seconds_left: seconds, frozen } = await response.json();
  countFailures(0);
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
    countFailures(failures + 1);
  }
  setTimeout(poll, POLL_MILLISECONDS);
}

setInterval(() => left && renderTimeLeft(), 1000);
poll();
document.addEventListener("submit", (event) => {
  isSubmitting = lost.hidden;
  if (isSubmitting) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  lost.focus();
});
// the browser may restore this page when the buyer comes back
addEventListener("pageshow", () => (isSubmitting = false));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) checkState().catch(() => {});
});
