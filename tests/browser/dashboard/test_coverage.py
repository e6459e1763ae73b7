"""The coverage of the contract on the dashboard of a mock that counts it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from tests.browser.axe_core import axe_violations
from tests.browser.page_watch import watch_page
from tests.browser.shared_pages import SharedPages

from .elements import send_request

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def counting() -> Iterator[AccountMock]:
    with running(store="memory", coverage=True) as mock:
        yield mock.account()


@pytest.fixture
def dashboard(shared_pages: SharedPages, counting: AccountMock) -> Iterator[Page]:
    counting.control("DELETE", "/coverage")
    with shared_pages.use(width=1440, height=900) as page, watch_page(page, counting.url):
        page.goto(f"{counting.url}/_mock/")
        yield page


def test_coverage_is_counted_on_request_and_leads_to_the_whole_report(dashboard: Page, counting: AccountMock) -> None:
    panel = dashboard.get_by_role("region", name="Coverage of the contract")
    expect(panel).to_contain_text("0 %: 0 of")
    send_request(counting, "/billing/checkout", json={"amount": 50})
    panel.get_by_role("button", name="Count now").click()
    expect(panel).to_contain_text("goals, by 1 exchange")
    expect(panel.get_by_label("operations: 1 of 7")).to_be_visible()
    expect(dashboard.get_by_role("status")).to_contain_text("goals, by 1 exchange")
    assert axe_violations(dashboard) == []
    with dashboard.context.expect_page() as opened:
        panel.get_by_role("link", name="What is missing").click()
    expect(opened.value.get_by_role("heading", name="Claims that nothing touched")).to_be_visible()
    opened.value.close()


def test_counts_are_forgotten_after_a_question(dashboard: Page, counting: AccountMock) -> None:
    send_request(counting, "/billing/usage")
    panel = dashboard.get_by_role("region", name="Coverage of the contract")
    panel.get_by_role("button", name="Count now").click()
    expect(panel).to_contain_text("by 1 exchange")
    panel.get_by_role("button", name="Forget").click()
    dashboard.get_by_role("button", name="Forget them").click()
    expect(panel).to_contain_text("0 %: 0 of")
    assert counting.control("GET", "/coverage")["exchanges"] == 0


def test_panel_goes_with_a_mock_that_counts_no_more(window: Page) -> None:
    with running(store="memory", coverage=True) as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_role("heading", name="Coverage")).to_be_visible()
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
    expect(window.locator("#outage")).to_be_visible()
    refused: list[str] = []
    window.on("response", lambda answer: refused.append(answer.url) if answer.status == 409 else None)
    with running(store="memory", port=urlsplit(first.url).port):
        expect(window.get_by_role("heading", name="Coverage")).to_be_hidden()
        expect(window.locator("#outage")).to_be_hidden()
    assert refused == []


def test_mock_that_does_not_count_has_no_panel(shared_pages: SharedPages, mock: AccountMock) -> None:
    with shared_pages.use(width=1440, height=900) as page, watch_page(page, mock.url):
        page.goto(f"{mock.url}/_mock/")
        expect(page.get_by_role("heading", name="Planned faults")).to_be_visible()
        expect(page.get_by_role("heading", name="Coverage")).to_have_count(0)
