"""Elements of the dashboard, and requests for its journal."""

from __future__ import annotations

import httpx
from playwright.sync_api import Locator, Page

from mockserver.client.account_mock import AccountMock
from mockserver.client.shapes import SessionJson


def send_request(mock: AccountMock, path: str, **body: object) -> httpx.Response:
    """Send a request of the account's client: a POST if it has a body."""
    with httpx.Client(headers={"x-access-token": mock.api_key}, trust_env=False, timeout=30) as client:
        return client.request("POST" if body else "GET", f"{mock.url}{path}", **body)  # type: ignore[arg-type]


def session_row(dashboard: Page, session: SessionJson) -> Locator:
    return dashboard.locator(f"#session-list > [data-id={session['id']}]")


def account_button(dashboard: Page, account: str) -> Locator:
    return dashboard.locator(".account", has_text=account)
