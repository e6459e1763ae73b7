"""The dashboard loses its server and reconnects."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock

from .elements import session_row

pytestmark = pytest.mark.browser


def test_dashboard_reports_a_lost_server_and_reconnects(window: Page) -> None:
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        session = AccountMock(first.url).create(amount=50)
        expect(session_row(window, session)).to_be_visible()
    expect(window.get_by_text("Connecting again")).to_be_visible()
    window.get_by_role("button", name="+1 h").click()
    expect(window.locator("#clock-error")).to_have_text("The mock cannot be reached.")

    with running(store="memory", port=urlsplit(first.url).port) as second:
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        expect(session_row(window, session)).to_have_count(0)
        other = AccountMock(second.url).create(amount=60)
        expect(session_row(window, other)).to_be_visible()
