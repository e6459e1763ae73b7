"""Many events at once: few applications, few rows, and no more requests than lists."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from mockserver.client.account_mock import AccountMock

pytestmark = pytest.mark.browser

IMPORT: Final = """const load = (name) => import(new URL(name, document.querySelector("script").src));
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));"""
# an event takes 3 ms, by the clock of the page, which stands still otherwise
FLOOD: Final = f"""async (count) => {{
  {IMPORT}
  const {{ EventQueue }} = await load("network/event_queue.js");
  let now = 0;
  const real = performance.now;
  performance.now = () => now;
  const frames = [[]];
  const queue = new EventQueue((name, data) => {{
    now += 3;
    frames.at(-1).push(data.number);
  }});
  for (let number = 0; number < count; number += 1) queue.add("exchange", JSON.stringify({{ number }}));
  const early = frames[0].length;
  while (frames.flat().length < count) {{
    await frame();
    frames.push([]);
  }}
  performance.now = real;
  return {{ early, sizes: frames.map((frame) => frame.length).filter(Boolean), order: frames.flat() }};
}}"""


def test_flood_of_events_is_applied_in_parts_one_a_frame_and_in_order(dashboard: Page) -> None:
    found = dashboard.evaluate(FLOOD, 10)
    assert found == {"early": 0, "sizes": [3, 3, 3, 1], "order": list(range(10))}


def test_events_of_one_frame_are_applied_together(dashboard: Page) -> None:
    assert dashboard.evaluate(FLOOD, 3)["sizes"] == [3]


def test_cleared_queue_forgets_the_events_that_wait(dashboard: Page) -> None:
    applied = dashboard.evaluate(f"""async () => {{
      {IMPORT}
      const {{ EventQueue }} = await load("network/event_queue.js");
      const applied = [];
      const queue = new EventQueue((name) => {{
        applied.push(name);
        if (name === "last") queue.clear();
      }});
      for (const name of ["first", "last", "late"]) queue.add(name, "1");
      await frame();
      await frame();
      queue.add("next", "1");
      await frame();
      await frame();
      return applied;
    }}""")
    assert applied == ["first", "last", "next"]


def test_hidden_page_applies_events_too(dashboard: Page) -> None:
    applied = dashboard.evaluate(f"""async () => {{
      {IMPORT}
      const {{ EventQueue }} = await load("network/event_queue.js");
      Object.defineProperty(document, "hidden", {{ value: true, configurable: true }});
      const applied = await new Promise((resolve) => new EventQueue(resolve).add("late", "1"));
      delete document.hidden;
      return applied;
    }}""")
    assert applied == "late"


def test_new_rows_of_a_long_list_come_in_parts_and_in_order(dashboard: Page) -> None:
    found: dict[str, Any] = dashboard.evaluate(f"""async () => {{
      {IMPORT}
      const {{ KeyedList }} = await load("base/dom.js");
      const list = document.createElement("ul");
      document.getElementById("dashboard").append(list);
      const create = (name) => Object.assign(document.createElement("li"), {{ textContent: name }});
      const keyOf = (name) => name;
      const rows = new KeyedList(list, {{ create, update() {{}}, keyOf, fallback: document.body, part: 4 }});
      const names = [..."abcdefghij"];
      rows.render(names);
      const first = list.textContent;
      rows.render(["z", ...names.slice(0, 8)]);
      const second = list.textContent;
      while (list.children.length < 9) await frame();
      return {{ first, second, last: list.textContent }};
    }}""")
    assert found == {"first": "abcd", "second": "zabcdefg", "last": "zabcdefgh"}


def test_lists_stay_bounded_while_many_accounts_are_active(dashboard: Page, mock: AccountMock) -> None:
    requests: list[Request] = []
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()
    dashboard.on("request", lambda request: requests.append(request))  # Playwright takes functions only
    with httpx.Client(base_url=mock.url, trust_env=False, timeout=30) as client:
        for number in range(150):
            headers = {"x-access-token": f"sk-flood-{number % 60}"}
            last = client.post("/billing/checkout", json={"amount": 5}, headers=headers).json()
    expect(dashboard.locator(f"[data-id={last['id']}]")).to_be_visible()
    expect(dashboard.locator(".exchange")).to_have_count(50)
    expect(dashboard.locator(".session")).to_have_count(50)
    assert dashboard.locator(".account").count() <= 51

    paths = [request.url.partition("/_mock")[2] for request in requests]
    assert [path for path in paths if path.startswith("/clock?")] == []
    assert len([path for path in paths if path.startswith("/clocks")]) <= 1


def test_pending_sessions_of_many_accounts_need_one_request_for_their_clocks(
    dashboard: Page, mock: AccountMock
) -> None:
    with httpx.Client(base_url=mock.url, trust_env=False, timeout=30) as client:
        for number in range(30):
            client.post("/billing/checkout", json={"amount": 5}, headers={"x-access-token": f"sk-many-{number}"})
    AccountMock(mock.url, api_key="sk-many-7").clock.advance("1h")
    requests: list[Request] = []
    dashboard.on("request", lambda request: requests.append(request))
    dashboard.reload()
    expect(dashboard.locator(".session", has_text="22 h 59 min left")).to_have_count(1)
    expect(dashboard.locator(".session", has_text="23 h 59 min left")).to_have_count(29)
    clocks = [request.url.partition("/_mock")[2] for request in requests if "/_mock/clock" in request.url]
    assert set(clocks) == {"/clocks"}


def test_scripts_are_all_loaded_at_once(dashboard: Page) -> None:
    # the browser lists a script a moment after it has run
    loaded, announced = dashboard.evaluate("""async () => {
      const loaded = () => performance.getEntriesByType("resource").map((each) => each.name)
        .filter((name) => name.endsWith(".js"));
      const announced = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href);
      for (let look = 0; loaded().length < announced.length && look < 100; look += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      return [loaded(), announced];
    }""")
    assert len(loaded) == len(set(loaded)) > 20
    assert set(loaded) == set(announced)
