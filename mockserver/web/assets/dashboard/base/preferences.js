// Choices of this browser. A browser may refuse to store them; then they last as long as the page.

const PREFIX = "videodb-mock.";
const chosen = new Map();

export function preference(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? chosen.get(name) ?? null;
  } catch {
    return chosen.get(name) ?? null;
  }
}

export function setPreference(name, value) {
  chosen.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // the map has it
  }
}
