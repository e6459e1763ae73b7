"""The hint of a first visit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.client.account_mock import AccountMock

pytestmark = pytest.mark.browser


def test_hint_has_four_lines_and_the_address_of_the_mock(dashboard: Page, mock: AccountMock) -> None:
    hint = dashboard.get_by_role("region", name="First steps")
    expect(hint.get_by_role("listitem")).to_have_count(4)
    expect(hint).to_contain_text(mock.url)


def test_closed_hint_never_comes_back(dashboard: Page) -> None:
    hint = dashboard.get_by_role("region", name="First steps")
    dashboard.reload()
    expect(hint).to_be_visible()
    hint.get_by_role("button", name="Got it").press("Enter")
    expect(hint).to_be_hidden()
    expect(dashboard.locator("#dashboard")).to_be_focused()
    dashboard.reload()
    expect(dashboard.get_by_text("Live", exact=True)).to_be_visible()
    expect(hint).to_be_hidden()


def test_hint_closes_in_a_browser_that_stores_nothing(dashboard: Page) -> None:
    page = dashboard.context.new_page()  # a script of its own, which stays with the page
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.goto(dashboard.url)
    hint = page.get_by_role("region", name="First steps")
    hint.get_by_role("button", name="Got it").click()
    expect(hint).to_be_hidden()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
