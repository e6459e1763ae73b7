// The coverage of the contract, of a mock that counts it. Counting takes time, so the panel counts when it is asked.

import { errorText, sendRequest } from "../network/api.js";
import { byId, el, setText, setVisible } from "../base/dom.js";

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
  #isDoubtful = false;
  constructor(dashboard) {
    this.dashboard = dashboard;
    byId("coverage-count").addEventListener("click", () => this.#count());
    byId("coverage-forget").addEventListener("click", () => this.#forget());
    // a page of its own cannot be asked for with a token
    byId("coverage-report").hidden = document.body.dataset.token === "asked";
  }

  // The mock was away: perhaps it was started without the counts.
  doubt() {
    this.#isDoubtful = true;
  }

  async load() {
    try {
      if (this.#isDoubtful) setVisible(this.#panel, await pageHasPanel(), byId("dashboard"));
      this.#isDoubtful = false;
      if (this.#panel.hidden) return false;
      this.#render(await sendRequest("GET", "/coverage"));
      setText(byId("coverage-error"), "");
      return true;
    } catch (error) {
      if (error.status === 409) setVisible(this.#panel, false, byId("dashboard"));
      setText(byId("coverage-error"), errorText(error));
      return false;
    }
  }

  get #panel() {
    return byId("coverage-title").closest("section");
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

// The page of a mock that counts has the panel. A request for the counts of another one is refused.
async function pageHasPanel() {
  const page = await fetch("/_mock/", { headers: { accept: "text/html" }, cache: "no-store" });
  return (await page.text()).includes('id="coverage-title"');
}

function row(kind, { covered, total }) {
  const name = KINDS[kind] ?? kind;
  const meter = el("meter", { min: 0, max: total, value: covered, "aria-label": `${name}: ${covered} of ${total}` });
  return [el("dt", {}, name), el("dd", {}, meter, ` ${covered} of ${total}`)];
}
