"""Accounts on the dashboard: chosen, credited and reset."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.pytest_plugin import AccountMock

from .elements import a_session, an_account

pytestmark = pytest.mark.browser


def test_a_chosen_account_is_what_everything_is_about(dashboard: Page, mock: AccountMock) -> None:
    other = AccountMock(mock.url)
    mine, theirs = mock.create(amount=5), other.create(amount=6)

    an_account(dashboard, mine["account"]).click()

    expect(a_session(dashboard, mine)).to_be_visible()
    expect(a_session(dashboard, theirs)).to_have_count(0)
    expect(dashboard.locator(".exchange")).to_have_count(1)
    dashboard.get_by_role("button", name="+24 h").click()
    expect(a_session(dashboard, mine)).to_contain_text("expired")
    other.create(amount=7)
    newest = mock.create(amount=8)
    expect(dashboard.locator(".session")).to_have_count(2)
    expect(a_session(dashboard, newest)).to_be_visible()
    assert [session["status"] for session in other.sessions] == ["pending", "pending"]


def test_an_account_is_found_by_its_key(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    AccountMock(mock.url).create(amount=6)

    dashboard.get_by_label("API key or account id").fill(mock.api_key)
    dashboard.get_by_role("button", name="Go to").click()

    expect(an_account(dashboard, session["account"])).to_have_attribute("aria-pressed", "true")
    expect(dashboard.locator(".session")).to_have_count(1)
    assert mock.api_key not in dashboard.content()


def test_credits_are_given_and_consumed(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(dashboard.get_by_role("button", name="Give")).to_be_disabled()
    an_account(dashboard, session["account"]).click()
    dashboard.get_by_role("spinbutton", name="Credits").fill("12.5")
    dashboard.get_by_role("button", name="Give").click()
    expect(an_account(dashboard, session["account"])).to_contain_text("12.5")

    dashboard.get_by_role("spinbutton", name="Credits").fill("2")
    dashboard.get_by_role("button", name="Consume").click()
    expect(an_account(dashboard, session["account"])).to_contain_text("10.5")
    assert mock.consume(1, category="x")["breakdown"] == {"indexing": 2, "x": 1}

    dashboard.get_by_role("spinbutton", name="Credits").fill("100")
    dashboard.get_by_role("button", name="Consume").click()
    expect(dashboard.locator("#credits-error")).not_to_be_empty()
    assert mock.balance == 9.5


def test_everything_is_reset_once_that_is_confirmed(dashboard: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(a_session(dashboard, session)).to_be_visible()
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


def test_one_account_is_reset_and_the_others_stay(dashboard: Page, mock: AccountMock) -> None:
    mine, theirs = mock.create(amount=5), AccountMock(mock.url).create(amount=6)
    an_account(dashboard, mine["account"]).click()
    dashboard.get_by_role("button", name=f"Reset {mine['account']}").click()
    dashboard.get_by_role("dialog").get_by_role("button", name="Reset it").click()

    expect(a_session(dashboard, theirs)).to_be_visible()
    expect(a_session(dashboard, mine)).to_have_count(0)
    expect(dashboard.get_by_role("button", name="All accounts")).to_have_attribute("aria-pressed", "true")
