"""The dashboard with much to show, and with little room."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from mockserver.pytest_plugin import AccountMock

from .board import a_session, asked

pytestmark = pytest.mark.browser


def test_of_many_sessions_and_exchanges_a_page_is_shown(board: Page, mock: AccountMock) -> None:
    with httpx.Client(headers={"x-access-token": mock.api_key}, trust_env=False) as client:
        for _ in range(120):
            client.post(f"{mock.url}/billing/checkout", json={"amount": 5})
    sessions = mock.sessions[::-1]
    expect(a_session(board, sessions[-1])).to_be_visible()
    assert (board.locator(".session").count(), board.locator(".exchange").count()) == (50, 50)

    board.get_by_role("navigation", name="Pages of sessions").get_by_role("button", name="Older").click()
    expect(a_session(board, sessions[69])).to_be_visible()
    journal = board.get_by_role("navigation", name="Pages of the journal")
    for _ in range(2):
        journal.get_by_role("button", name="Older").click()
    expect(board.locator(".exchange")).to_have_count(20)
    expect(journal.get_by_role("button", name="Older")).to_be_disabled()
    assert board.locator(".session").count() == 50

    board.get_by_label("Status").first.select_option("completed")
    expect(board.locator("#sessions-none")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1440])
def test_nothing_is_wider_than_its_window(board: Page, mock: AccountMock, width: int) -> None:
    board.set_viewport_size({"width": width, "height": 700})
    mock.create(mode="subscription", plan_id="x" * 300, success_url=f"https://shop.example/{'y' * 900}")
    asked(mock, f"/billing/{'z' * 300}")
    board.locator(".exchange").first.click()
    board.locator(".session summary").first.click()

    assert board.evaluate("document.documentElement.scrollWidth") <= width
