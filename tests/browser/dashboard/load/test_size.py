"""The dashboard with long lists and in narrow windows."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.sync_api import Page, Response, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock
from mockserver.store import open_store
from tests.browser.dashboard.elements import send_request, session_row
from tests.builders import a_session
from tests.matrix import long_but

pytestmark = pytest.mark.browser


def test_long_lists_are_shown_by_pages(dashboard: Page, mock: AccountMock) -> None:
    with httpx.Client(headers={"x-access-token": mock.api_key}, trust_env=False, timeout=30) as client:
        for _ in range(120):
            client.post(f"{mock.url}/billing/checkout", json={"amount": 5})
    sessions = mock.sessions[::-1]
    expect(session_row(dashboard, sessions[-1])).to_be_visible()
    expect(dashboard.locator(".session")).to_have_count(50)
    expect(dashboard.locator(".exchange")).to_have_count(50)

    dashboard.get_by_role("navigation", name="Pages of sessions").get_by_role("button", name="Older").click()
    expect(session_row(dashboard, sessions[69])).to_be_visible()
    journal = dashboard.get_by_role("navigation", name="Pages of the journal")
    for _ in range(2):
        journal.get_by_role("button", name="Older").click()
    expect(dashboard.locator(".exchange")).to_have_count(20)
    expect(journal.get_by_role("button", name="Older")).to_be_disabled()
    assert dashboard.locator(".session").count() == 50

    dashboard.get_by_label("Status").first.select_option("completed")
    expect(dashboard.locator("#sessions-empty")).to_be_visible()


MANY: Final = 10_000
ACCOUNTS: Final = [f"acct_{number:012x}" for number in range(100)]


def a_full_store(folder: Path) -> str:
    """A store with many pending sessions, as a settings names it."""
    name = f"sqlite:///{folder / 'full.db'}"
    store, now = open_store(name), datetime.now(UTC)

    async def fill() -> None:
        async with store.transaction() as tx:
            for account in ACCOUNTS:
                await tx.open_account(account)
            for number in range(MANY):
                created = now + timedelta(milliseconds=number - MANY)
                kept = a_session(account=ACCOUNTS[number % 100], created_at=created)
                await tx.add_session(kept._replace(id=f"cs_test_{number:058}"))

    asyncio.run(fill())
    store.close()
    return name


@pytest.fixture
def full_store(tmp_path: Path) -> str:
    # not here: while Playwright is on, this thread has an event loop
    with ThreadPoolExecutor() as threads:
        return threads.submit(a_full_store, tmp_path).result()


@pytest.mark.long
def test_dashboard_with_ten_thousand_sessions_loads_one_page_and_stays_live(window: Page, full_store: str) -> None:
    with running(store=full_store) as mock:
        answers: list[Response] = []
        window.on("response", lambda answer: answers.append(answer))  # Playwright takes functions only
        window.goto(f"{mock.url}/_mock/")
        expect(window.locator(".session")).to_have_count(50)
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        lists = [answer for answer in answers if "/_mock/sessions" in answer.url]
        # one more than is shown, to know whether there are older ones
        assert {len(answer.json()["sessions"]) for answer in lists} == {51}

        window.get_by_role("button", name="+24 h").click()
        expect(window.locator(".session", has_text="expired")).to_have_count(50)
        with httpx.Client(headers={"x-access-token": "sk-late"}, trust_env=False, timeout=30) as client:
            late = client.post(f"{mock.url}/billing/checkout", json={"amount": 5}).json()
        expect(session_row(window, late)).to_be_visible()
        expect(window.locator(".session")).to_have_count(50)


@pytest.mark.parametrize("width", long_but(320, of=[320, 1440]))
def test_dashboard_fits_its_window(dashboard: Page, mock: AccountMock, width: int) -> None:
    dashboard.set_viewport_size({"width": width, "height": 700})
    mock.create(mode="subscription", plan_id="x" * 300, success_url=f"https://shop.example/{'y' * 900}")
    send_request(mock, f"/billing/{'z' * 300}")
    dashboard.locator(".exchange").first.click()
    dashboard.locator(".session summary").first.click()

    assert dashboard.evaluate("document.documentElement.scrollWidth") <= width
    if width >= 1200:  # there, each column scrolls by itself
        assert dashboard.evaluate("document.documentElement.scrollHeight") == 700
