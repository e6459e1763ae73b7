// Elements, made of text that stays text; and lists that are kept in step with what they show.

export const byId = (id) => document.getElementById(id);

// An element with attributes and children. Text is text: nothing is ever read as markup.
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

// Changes the text only where it is another: a reader's selection and a screen reader's place stay.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Hides or shows; focus that would be lost goes to `instead`.
export function show(element, isShown, instead) {
  if (!isShown && instead && element.contains(document.activeElement)) instead.focus();
  element.hidden = !isShown;
}

// Disables or enables; focus that would be lost goes to `instead`.
export function disable(element, isDisabled, instead) {
  if (isDisabled && document.activeElement === element) instead.focus();
  element.disabled = isDisabled;
}

// A list whose rows are made once for each key and then only changed, so that focus and selection stay where they are.
export class Rows {
  // `instead`: it gets the focus of the last row when that row goes.
  // `always`: a row depends on more than its item, so it is changed though the item is the same.
  constructor(list, { make, change, keyOf, instead, always = false }) {
    Object.assign(this, { list, make, change, keyOf, instead, always });
    this.rows = new Map();
    this.items = new WeakMap();
  }

  render(items) {
    const wanted = new Set(items.map(this.keyOf));
    for (const [key, row] of this.rows) if (!wanted.has(key)) this.#drop(key, row);
    const focused = document.activeElement;
    let place = this.list.firstElementChild;
    for (const item of items) {
      const key = this.keyOf(item);
      let row = this.rows.get(key);
      if (!row) {
        row = this.make(item);
        this.rows.set(key, row);
        this.list.insertBefore(row, place);
      } else if (row === place) {
        place = place.nextElementSibling;
      } else {
        this.list.insertBefore(row, place);
      }
      if (this.always || this.items.get(row) !== item) this.change(row, item);
      this.items.set(row, item);
    }
    // a row that is moved loses the focus
    if (focused !== document.activeElement && this.list.contains(focused)) focused.focus({ preventScroll: true });
  }

  get(key) {
    return this.rows.get(key);
  }

  #drop(key, row) {
    this.rows.delete(key);
    if (row.contains(document.activeElement)) {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      (next?.querySelector("button, a") ?? this.instead).focus();
    }
    row.remove();
  }
}

// Does something at most once in a while, and once more after the last time it was wanted.
export function throttled(milliseconds, act) {
  let timer = null;
  let isWanted = false;
  const run = () => {
    timer = null;
    if (!isWanted) return;
    isWanted = false;
    timer = setTimeout(run, milliseconds);
    act();
  };
  return () => {
    isWanted = true;
    timer ??= setTimeout(run, 0);
  };
}

// The same, once a frame.
export function framed(act) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      act();
    });
  };
}

// A button that copies what `text` gives. Where a page may not use the clipboard, the text is selected instead.
export function copyButton(text, source) {
  const button = el("button", { class: "small" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      say(button, "Copied");
    } catch {
      getSelection().selectAllChildren(source);
      say(button, "Selected");
    }
    setTimeout(() => say(button, "Copy"), 2000);
  });
  return button;
}
