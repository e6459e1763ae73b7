"""The dashboard of a server that goes away and comes back."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from mockserver import running
from mockserver.pytest_plugin import AccountMock

from .elements import a_session

pytestmark = pytest.mark.browser


def test_the_dashboard_says_that_the_server_is_away_and_is_live_again_when_it_is_back(window: Page) -> None:
    with running(store="memory") as first:
        window.goto(f"{first.url}/_mock/")
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        session = AccountMock(first.url).create(amount=50)
        expect(a_session(window, session)).to_be_visible()
    expect(window.get_by_text("Connecting again")).to_be_visible()
    window.get_by_role("button", name="+1 h").click()
    expect(window.locator("#clock-error")).to_have_text("The mock cannot be reached.")

    with running(store="memory", port=urlsplit(first.url).port) as second:
        expect(window.get_by_text("Live", exact=True)).to_be_visible()
        expect(a_session(window, session)).to_have_count(0)
        other = AccountMock(second.url).create(amount=60)
        expect(a_session(window, other)).to_be_visible()
