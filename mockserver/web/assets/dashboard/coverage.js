// The coverage of the contract, of a mock that counts it. Counting takes time, so the panel counts when it is asked.

import { errorText, sendRequest } from "./api.js";
import { byId, el, setText } from "./dom.js";

const KINDS = {
  operation: "operations",
  status: "statuses",
  response_type: "response types",
  request_type: "request types",
  body: "bodies",
  parameter: "parameters",
  keyword: "schema keywords",
  claim: "claims of the page",
};

export class Coverage {
  constructor(dashboard) {
    this.dashboard = dashboard;
    byId("coverage-count").addEventListener("click", () => this.#count());
    byId("coverage-forget").addEventListener("click", () => this.#forget());
    // a page of its own cannot be asked for with a token
    byId("coverage-report").hidden = document.body.dataset.token === "asked";
  }

  async load() {
    try {
      this.#render(await sendRequest("GET", "/coverage"));
      setText(byId("coverage-error"), "");
      return true;
    } catch (error) {
      setText(byId("coverage-error"), errorText(error));
      return false;
    }
  }

  async #count() {
    if (await this.load()) this.dashboard.announce(byId("coverage-total").textContent);
  }

  #forget() {
    this.dashboard.confirm.open({
      title: "Forget the counts?",
      text: "The coverage starts again from nothing. This cannot be undone.",
      button: "Forget them",
      fallback: byId("coverage-count"),
      act: async () => {
        this.#render(await sendRequest("DELETE", "/coverage"));
        return "The counts are forgotten.";
      },
    });
  }

  #render({ summary, exchanges }) {
    const requests = exchanges === 1 ? "1 exchange" : `${exchanges.toLocaleString("en")} exchanges`;
    setText(byId("coverage-total"), `${summary.percent} %: ${summary.covered} of ${summary.total} goals, by ${requests}`);
    byId("coverage-kinds").replaceChildren(...Object.entries(summary.kinds).flatMap(([kind, score]) => row(kind, score)));
  }
}

function row(kind, { covered, total }) {
  const name = KINDS[kind] ?? kind;
  const meter = el("meter", { min: 0, max: total, value: covered, "aria-label": `${name}: ${covered} of ${total}` });
  return [el("dt", {}, name), el("dd", {}, meter, ` ${covered} of ${total}`)];
}
