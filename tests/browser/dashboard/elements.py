"""What tests of the dashboard look at, and a client whose calls it shows."""

from __future__ import annotations

import httpx
from playwright.sync_api import Locator, Page

from mockserver.pytest_plugin import AccountMock


def asked(mock: AccountMock, path: str, **body: object) -> httpx.Response:
    """What a client of the account is answered: to a POST if it has a body."""
    with httpx.Client(headers={"x-access-token": mock.api_key}, trust_env=False) as client:
        return client.request("POST" if body else "GET", f"{mock.url}{path}", **body)  # type: ignore[arg-type]


def a_session(dashboard: Page, session: dict[str, str]) -> Locator:
    return dashboard.locator(f"#session-list > [data-id={session['id']}]")


def an_account(dashboard: Page, account: str) -> Locator:
    return dashboard.locator(".account", has_text=account)
