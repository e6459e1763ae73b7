// Elements and lists. Text is always text, never markup.

export const byId = (id) => document.getElementById(id);

// An element with attributes and children; a child that is a string becomes text.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Sets the text only if it differs, so that a selection and the position of a screen reader survive.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Hides or shows an element. If it has the focus and is hidden, `fallback` gets the focus.
export function setVisible(element, isVisible, fallback) {
  if (!isVisible && fallback && element.contains(document.activeElement)) fallback.focus();
  element.hidden = !isVisible;
}

// Disables or enables an element. If it has the focus and is disabled, `fallback` gets the focus.
export function setDisabled(element, isDisabled, fallback) {
  if (isDisabled && document.activeElement === element) fallback.focus();
  element.disabled = isDisabled;
}

// A list that creates one row for each key and then only updates it, so that focus and selection survive. Many new rows
// come in parts: the first one fills a window, and the others wait until the page is idle.
export class KeyedList {
  // `fallback` gets the focus of the last row when that row is removed.
  // `alwaysUpdate`: a row depends on more than its item, so it is updated even if the item is the same.
  // `part`: the most rows that are created at once.
  constructor(list, { create, update, keyOf, fallback, alwaysUpdate = false, part = 12 }) {
    Object.assign(this, { list, create, update, keyOf, fallback, alwaysUpdate, part });
    this.rows = new Map();
    this.items = new WeakMap();
    this.renderRest = onceWhenIdle(() => this.render(this.all));
  }

  render(items) {
    this.all = items;
    let room = this.part;
    const keys = new Set(items.map(this.keyOf));
    for (const [key, row] of this.rows) if (!keys.has(key)) this.#remove(key, row);
    const focused = document.activeElement;
    let place = this.list.firstElementChild;
    for (const item of items) {
      const key = this.keyOf(item);
      let row = this.rows.get(key);
      if (!row) {
        if (room-- <= 0) continue;
        row = this.create(item);
        this.rows.set(key, row);
        this.list.insertBefore(row, place);
      } else if (row === place) {
        place = place.nextElementSibling;
      } else {
        this.list.insertBefore(row, place);
      }
      if (this.alwaysUpdate || this.items.get(row) !== item) this.update(row, item);
      this.items.set(row, item);
    }
    // moving a row takes its focus away
    if (focused !== document.activeElement && this.list.contains(focused)) focused.focus({ preventScroll: true });
    if (room < 0) this.renderRest();
  }

  get(key) {
    return this.rows.get(key);
  }

  #remove(key, row) {
    this.rows.delete(key);
    if (row.contains(document.activeElement)) {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      (next?.querySelector("button, a") ?? this.fallback).focus();
    }
    row.remove();
  }
}

// Calls `act` at most once per interval; the last request is never dropped.
export function throttle(milliseconds, act) {
  let timer = null;
  let isRequested = false;
  const run = () => {
    timer = null;
    if (!isRequested) return;
    isRequested = false;
    timer = setTimeout(run, milliseconds);
    act();
  };
  return () => {
    isRequested = true;
    timer ??= setTimeout(run, 0);
  };
}

// Calls `act` at most once per frame.
export const oncePerFrame = (act) => once(requestAnimationFrame, act);

// Calls `act` at most once when the page is idle. Not every browser says when it is.
export const onceWhenIdle = (act) => once((call) => (window.requestIdleCallback ?? setTimeout)(call), act);

function once(plan, act) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    plan(() => {
      isWaiting = false;
      act();
    });
  };
}

// A button that copies the result of `text`. Without access to the clipboard, it selects `source`.
export function copyButton(text, source) {
  const button = el("button", { class: "small" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      setText(button, "Copied");
    } catch {
      getSelection().selectAllChildren(source);
      setText(button, "Selected");
    }
    setTimeout(() => setText(button, "Copy"), 2000);
  });
  return button;
}
