"""The dashboard's control token, and its defences against hostile input and other sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Error, Page, Route, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant
from tests.browser.page_watch import watch_page
from tests.browser.shared_pages import SharedPages

from .elements import send_request, session_row

pytestmark = pytest.mark.browser

TOKEN = "open sesame"
HOSTILE = '<img src=x onerror="window.struck=1"><script>window.struck=1</script>{{7*7}}${7*7}\u202e'


@pytest.fixture(scope="module")
def locked_url() -> Iterator[str]:
    with running(store="memory", control_token=TOKEN) as started:
        yield started.url


@pytest.fixture
def locked(shared_pages: SharedPages, locked_url: str) -> Iterator[Page]:
    """The dashboard of a mock that asks for TOKEN."""
    with shared_pages.use() as page, watch_page(page, locked_url):
        page.goto(f"{locked_url}/_mock/")
        yield page


def test_control_token_is_required_and_a_wrong_one_is_refused(locked: Page) -> None:
    expect(locked.get_by_label("Control token")).to_be_focused()
    expect(locked.get_by_role("heading", name="Sessions")).to_be_hidden()
    locked.get_by_label("Control token").fill("sesame")
    locked.keyboard.press("Enter")
    expect(locked.get_by_role("alert")).to_contain_text("That is not")

    locked.get_by_label("Control token").fill(TOKEN)
    locked.keyboard.press("Enter")

    expect(locked.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(locked.get_by_text("Live", exact=True)).to_be_visible()
    expect(locked.get_by_label("Control token")).to_be_hidden()


def test_dashboard_is_live_with_the_control_token(locked: Page) -> None:
    locked.get_by_label("Control token").fill(TOKEN)
    locked.keyboard.press("Enter")
    expect(locked.get_by_text("Live", exact=True)).to_be_visible()
    url = locked.url.removesuffix("/_mock/")
    httpx.post(
        f"{url}/billing/checkout", json={"amount": 5}, headers={"x-access-token": "sk-a"}, trust_env=False, timeout=30
    )

    expect(locked.locator(".session")).to_contain_text("5 credits")
    locked.get_by_role("button", name="Decline").click()
    expect(locked.locator(".session")).to_contain_text("generic decline")


def test_control_token_stays_in_memory(locked: Page) -> None:
    locked.get_by_label("Control token").fill(TOKEN)
    locked.keyboard.press("Enter")
    expect(locked.get_by_text("Live", exact=True)).to_be_visible()

    kept = locked.evaluate("[localStorage.length, sessionStorage.length, document.cookie, location.href]")
    assert kept == [0, 0, "", locked.url]
    assert TOKEN not in locked.content()
    assert locked.context.cookies() == []
    locked.reload()
    expect(locked.get_by_label("Control token")).to_be_focused()


def test_gate_hands_the_focus_to_the_dashboard_and_takes_it_back(locked: Page) -> None:
    locked.get_by_label("Control token").fill(TOKEN)
    locked.keyboard.press("Enter")
    expect(locked.locator("#dashboard")).to_be_focused()
    refusal = {"success": False, "message": "no", "error_code": "control_token_required"}
    locked.route("**/_mock/faults", lambda route: _refuse_posts(route, refusal))
    locked.get_by_role("button", name="Plan a fault").click()
    locked.get_by_role("button", name="Plan it").click()

    expect(locked.get_by_role("dialog")).to_be_hidden()
    expect(locked.get_by_label("Control token")).to_be_focused()


def test_hostile_client_input_is_shown_and_never_run(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(
        mode="subscription", plan_id=HOSTILE, success_url="https://shop.example/?<img/src=x/onerror='window.struck=1'>"
    )
    with httpx.Client(trust_env=False, timeout=30) as client:
        client.post(
            f"{mock.url}/billing/%3Cimg%20src=x%20onerror=alert(1)%3E?q=<script>window.struck=1</script>",
            content=HOSTILE.encode(),
            headers={"x-access-token": mock.api_key, "x-shop": "<script>window.struck=1</script>"},
        )
    expect(session_row(dashboard, session)).to_contain_text(HOSTILE)
    session_row(dashboard, session).locator("summary").click()
    expect(session_row(dashboard, session)).to_contain_text("onerror='window.struck=1'")
    row = dashboard.locator("#exchange-list > li").first
    expect(row.locator(".path")).to_contain_text("<img src=x onerror=alert(1)>")  # the exchange before it was the first
    row.locator(".exchange").click()
    row.locator("summary").first.click()

    expect(row.get_by_role("group", name="Request", exact=True)).to_contain_text(HOSTILE)
    expect(row.get_by_role("group", name="Request", exact=True)).to_contain_text("<script>window.struck=1</script>")
    assert dashboard.locator("main img, main script").count() == 0
    assert dashboard.evaluate("window.struck") is None


def test_policy_refuses_to_make_markup_of_text(window: Page, mock: AccountMock) -> None:
    window.goto(f"{mock.url}/_mock/")
    with pytest.raises(Error, match="requires 'TrustedHTML'"):
        window.evaluate("document.body.innerHTML = '<b>x</b>'")


def test_other_site_can_neither_call_nor_frame_the_dashboard(
    window: Page, mock: AccountMock, merchant: Merchant
) -> None:
    send_request(mock, "/billing/usage")
    window.goto(merchant.other_url)
    for call in ("/_mock/reset", "/_mock/faults"):
        window.evaluate("url => fetch(url, {method: 'POST', mode: 'no-cors'}).catch(() => {})", mock.url + call)
    is_refused = window.evaluate(
        """url => new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.onload = () => resolve(frame.contentDocument === null);
          frame.src = url;
          document.body.append(frame);
        })""",
        f"{mock.url}/_mock/",
    )
    assert is_refused
    assert len(mock.requests) == 1


def test_link_from_another_site_opens_the_dashboard(window: Page, mock: AccountMock, merchant: Merchant) -> None:
    window.goto(merchant.other_url)
    window.evaluate("url => location.assign(url)", f"{mock.url}/_mock/")
    expect(window.get_by_role("heading", name="Sessions")).to_be_visible()


def _refuse_posts(route: Route, refusal: dict[str, Any]) -> None:
    if route.request.method == "POST":
        route.fulfill(status=401, json=refusal)
    else:
        route.fallback()
