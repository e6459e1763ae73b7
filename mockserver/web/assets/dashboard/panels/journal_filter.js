// The filter of the journal. The mock applies it to the list, and this module to the exchanges that arrive.

import { sendRequest } from "../network/api.js";
import { byId, el, setVisible } from "../base/dom.js";
import { addressFilters, addressedFilter } from "../base/scope.js";

const FIELDS = ["method", "path", "status", "operation"];
const KINDS = {
  violations: ({ contract }) => contract.request.length + contract.response.length > 0,
  faults: ({ fault }) => fault !== null,
  notes: ({ notes }) => notes.length > 0,
};

const NAMES = [...FIELDS, ...Object.keys(KINDS)];

export class JournalFilter {
  #query = {};

  constructor(onChange) {
    this.onChange = onChange;
    byId("journal-filter").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#apply();
    });
    for (const id of ["journal-kind", "journal-method"]) byId(id).addEventListener("change", () => this.#apply());
    byId("journal-all").addEventListener("click", () => this.clear());
    byId("journal-operation").addEventListener("focus", () => this.#listOperations(), { once: true });
    this.readAddress();
  }

  // Take the filter of the address. True if it is another one.
  readAddress() {
    const before = JSON.stringify(this.#query);
    for (const name of FIELDS) byId(`journal-${name}`).value = addressedFilter(name);
    byId("journal-kind").value = Object.keys(KINDS).find((kind) => addressedFilter(kind) === "true") ?? "";
    this.#read();
    return JSON.stringify(this.#query) !== before;
  }

  // The names and values for the control API.
  get query() {
    return this.#query;
  }

  get isSet() {
    return Object.keys(this.#query).length > 0;
  }

  // Show the exchanges of one kind, or (null) those of all kinds.
  chooseKind(kind) {
    byId("journal-kind").value = kind ?? "";
    this.#apply();
  }

  chooseOperation(name) {
    byId("journal-operation").value = name;
    this.#apply();
  }

  clear() {
    byId("journal-filter").reset();
    this.#apply();
  }

  matches(exchange) {
    const { method, path, status, operation } = this.#query;
    if (method && method !== exchange.method) return false;
    if (status && Number(status) !== exchange.status) return false;
    if (operation && operation !== exchange.operation) return false;
    if (path && !pathPattern(path).test(exchange.path)) return false;
    return Object.entries(KINDS).every(([kind, isOfKind]) => !this.#query[kind] || isOfKind(exchange));
  }

  #apply() {
    this.#read();
    addressFilters(Object.fromEntries(NAMES.map((name) => [name, this.#query[name]])));
    this.onChange();
  }

  #read() {
    const values = FIELDS.map((name) => [name, byId(`journal-${name}`).value.trim()]);
    const kind = byId("journal-kind").value;
    this.#query = Object.fromEntries([...values, [kind, kind && "true"]].filter(([, value]) => value));
    setVisible(byId("journal-all"), this.isSet, byId("journal-kind"));
  }

  // The contract may be large: read it when its operations are needed.
  async #listOperations() {
    const { paths } = await sendRequest("GET", "/contract.json").catch(() => ({ paths: {} }));
    const names = Object.entries(paths).flatMap(([path, item]) => methodsOf(item).map((method) => `${method.toUpperCase()} ${path}`));
    byId("journal-operations").replaceChildren(...names.map((name) => el("option", { value: name })));
  }
}

const METHODS = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);
const methodsOf = (item) => Object.keys(item).filter((name) => METHODS.has(name));

function pathPattern(path) {
  const parts = path.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`, "u");
}
