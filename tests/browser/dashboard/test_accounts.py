"""Accounts on the dashboard: selection, credits and reset."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from tests.browser.shared_pages import SharedPages

from .elements import account_button, session_row

pytestmark = pytest.mark.browser


def test_selected_account_filters_everything(dashboard: Page, mock: AccountMock) -> None:
    other = AccountMock(mock.url)
    mine, theirs = mock.create(amount=5), other.create(amount=6)

    account_button(dashboard, mine["account"]).click()

    expect(session_row(dashboard, mine)).to_be_visible()
    expect(session_row(dashboard, theirs)).to_have_count(0)
    expect(dashboard.locator(".exchange")).to_have_count(1)
    dashboard.get_by_role("button", name="+24 h").click()
    expect(session_row(dashboard, mine)).to_contain_text("expired")
    other.create(amount=7)
    newest = mock.create(amount=8)
    expect(dashboard.locator(".session")).to_have_count(2)
    expect(session_row(dashboard, newest)).to_be_visible()
    assert [session["status"] for session in other.sessions] == ["pending", "pending"]


def test_account_is_found_by_its_key(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    AccountMock(mock.url).create(amount=6)

    dashboard.get_by_label("API key or account id").fill(mock.api_key)
    dashboard.get_by_role("button", name="Go to").click()

    expect(account_button(dashboard, session["account"])).to_have_attribute("aria-pressed", "true")
    expect(dashboard.locator(".session")).to_have_count(1)
    assert mock.api_key not in dashboard.content()


def test_credits_are_given_and_consumed(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(dashboard.get_by_role("button", name="Give")).to_be_disabled()
    account_button(dashboard, session["account"]).click()
    dashboard.get_by_role("spinbutton", name="Credits").fill("12.5")
    dashboard.get_by_role("button", name="Give").click()
    expect(account_button(dashboard, session["account"])).to_contain_text("12.5")

    dashboard.get_by_role("spinbutton", name="Credits").fill("2")
    dashboard.get_by_role("button", name="Consume").click()
    expect(account_button(dashboard, session["account"])).to_contain_text("10.5")
    assert mock.consume(1, category="x")["breakdown"] == {"indexing": 2, "x": 1}

    dashboard.get_by_role("spinbutton", name="Credits").fill("100")
    dashboard.get_by_role("button", name="Consume").click()
    expect(dashboard.locator("#credits-error")).not_to_be_empty()
    assert mock.balance == 9.5


def test_overdrawn_account_shows_its_negative_balance(shared_pages: SharedPages) -> None:
    with running(store="memory", profile="observed") as started, shared_pages.use(width=1440, height=900) as page:
        mock = AccountMock(started.url)
        mock.consume(resource="dubbing", units=10)
        page.goto(f"{started.url}/_mock/")
        (account,) = mock.control("GET", "/accounts")["accounts"]
        expect(account_button(page, account["id"])).to_contain_text("-1.5 credits")
        mock.consume(1)
        expect(account_button(page, account["id"])).to_contain_text("-2.5 credits")


def test_everything_is_reset_after_confirmation(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(session_row(dashboard, session)).to_be_visible()
    dashboard.get_by_role("button", name="Reset everything").click()
    dialog = dashboard.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Keep it").click()
    expect(dashboard.get_by_role("button", name="Reset everything")).to_be_focused()
    assert len(mock.sessions) == 1

    dashboard.get_by_role("button", name="Reset everything").click()
    dialog.get_by_role("button", name="Reset everything").click()

    expect(dashboard.get_by_text("No sessions here yet.")).to_be_visible()
    expect(dashboard.get_by_text("No requests yet.")).to_be_visible()
    assert mock.control("GET", "/accounts") == {"accounts": []}


def test_reset_and_empty_lists_name_the_account(dashboard: Page, mock: AccountMock) -> None:
    mock.give(5)
    (account,) = mock.control("GET", "/accounts")["accounts"]
    mock.control("POST", "/accounts", body={"key": mock.api_key, "name": "Billing tests"})
    account_button(dashboard, account["id"]).click()
    expect(dashboard.locator("#sessions-empty")).to_contain_text("This list is that of Billing tests")
    dashboard.get_by_role("button", name="Reset Billing tests").click()
    expect(dashboard.get_by_role("dialog")).to_contain_text(f"Reset Billing tests ({account['id']})?")


def test_account_reset_keeps_the_other_accounts(dashboard: Page, mock: AccountMock) -> None:
    mine, theirs = mock.create(amount=5), AccountMock(mock.url).create(amount=6)
    account_button(dashboard, mine["account"]).click()
    dashboard.get_by_role("button", name=f"Reset {mine['account']}").click()
    dashboard.get_by_role("dialog").get_by_role("button", name="Reset it").click()

    expect(session_row(dashboard, theirs)).to_be_visible()
    expect(session_row(dashboard, mine)).to_have_count(0)
    expect(dashboard.get_by_role("button", name="All accounts")).to_have_attribute("aria-pressed", "true")
