"""Accounts on the dashboard: chosen, credited and reset."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mockserver.pytest_plugin import AccountMock

from .elements import a_session, an_account

pytestmark = pytest.mark.browser


def test_a_chosen_account_is_what_everything_is_about(board: Page, mock: AccountMock) -> None:
    other = AccountMock(mock.url)
    mine, theirs = mock.create(amount=5), other.create(amount=6)

    an_account(board, mine["account"]).click()

    expect(a_session(board, mine)).to_be_visible()
    expect(a_session(board, theirs)).to_have_count(0)
    expect(board.locator(".exchange")).to_have_count(1)
    board.get_by_role("button", name="+24 h").click()
    expect(a_session(board, mine)).to_contain_text("expired")
    other.create(amount=7)
    newest = mock.create(amount=8)
    expect(board.locator(".session")).to_have_count(2)
    expect(a_session(board, newest)).to_be_visible()
    assert [session["status"] for session in other.sessions] == ["pending", "pending"]


def test_an_account_is_found_by_its_key(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=5)
    AccountMock(mock.url).create(amount=6)

    board.get_by_label("API key or account id").fill(mock.api_key)
    board.get_by_role("button", name="Go to").click()

    expect(an_account(board, session["account"])).to_have_attribute("aria-pressed", "true")
    expect(board.locator(".session")).to_have_count(1)
    assert mock.api_key not in board.content()


def test_credits_are_given_and_consumed(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(board.get_by_role("button", name="Give")).to_be_disabled()
    an_account(board, session["account"]).click()
    board.get_by_role("spinbutton", name="Credits").fill("12.5")
    board.get_by_role("button", name="Give").click()
    expect(an_account(board, session["account"])).to_contain_text("12.5")

    board.get_by_role("spinbutton", name="Credits").fill("2")
    board.get_by_role("button", name="Consume").click()
    expect(an_account(board, session["account"])).to_contain_text("10.5")
    assert mock.consume(1, category="x")["breakdown"] == {"indexing": 2, "x": 1}

    board.get_by_role("spinbutton", name="Credits").fill("100")
    board.get_by_role("button", name="Consume").click()
    expect(board.locator("#credits-wrong")).not_to_be_empty()
    assert mock.balance == 9.5


def test_everything_is_reset_once_that_is_confirmed(board: Page, mock: AccountMock) -> None:
    session = mock.create(amount=50)
    expect(a_session(board, session)).to_be_visible()
    board.get_by_role("button", name="Reset everything").click()
    dialog = board.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Keep it").click()
    expect(board.get_by_role("button", name="Reset everything")).to_be_focused()
    assert len(mock.sessions) == 1

    board.get_by_role("button", name="Reset everything").click()
    dialog.get_by_role("button", name="Reset everything").click()

    expect(board.get_by_text("No sessions here yet.")).to_be_visible()
    expect(board.get_by_text("Nothing was asked yet.")).to_be_visible()
    assert mock.control("GET", "/accounts") == {"accounts": []}


def test_one_account_is_reset_and_the_others_stay(board: Page, mock: AccountMock) -> None:
    mine, theirs = mock.create(amount=5), AccountMock(mock.url).create(amount=6)
    an_account(board, mine["account"]).click()
    board.get_by_role("button", name=f"Reset {mine['account']}").click()
    board.get_by_role("dialog").get_by_role("button", name="Reset it").click()

    expect(a_session(board, theirs)).to_be_visible()
    expect(a_session(board, mine)).to_have_count(0)
    expect(board.get_by_role("button", name="All accounts")).to_have_attribute("aria-pressed", "true")
