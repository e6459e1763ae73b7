"""The hint of a first visit."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from tests.browser.shared_pages import SharedPages

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


def test_commands_name_no_key_that_the_mock_refuses(shared_pages: SharedPages) -> None:
    with running(store="memory", api_keys={"sk-known-1111"}) as strict, shared_pages.use(width=1440) as page:
        page.goto(f"{strict.url}/_mock/")
        for panel in ("#sessions-empty", "#journal-empty"):
            expect(page.locator(panel)).to_contain_text("Put a key of --api-key in place of YOUR_KEY.")
            expect(page.locator(panel)).not_to_contain_text("sk-demo")
        page.get_by_role("button", name="New session").click()
        expect(page.get_by_label("Account, by API key or id")).to_have_value("")
        assert "sk-known-1111" not in page.content()


def test_commands_have_the_key_of_a_new_account(dashboard: Page) -> None:
    expect(dashboard.locator("#sessions-empty pre")).to_contain_text("x-access-token: sk-demo")
    expect(dashboard.locator("#journal-empty pre")).to_contain_text('api_key="sk-demo"')
    expect(dashboard.locator("#journal-empty [data-part=scope]")).to_be_hidden()
