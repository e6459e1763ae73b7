"""The dashboard of a mock that only one test uses at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from mockserver.client.account_mock import AccountMock
from tests.browser.page_watch import watch_page
from tests.browser.shared_pages import SharedPages


@pytest.fixture
def dashboard(shared_pages: SharedPages, mock: AccountMock) -> Iterator[Page]:
    """The dashboard of the mock; it sends requests to that mock only, and complains of nothing."""
    with shared_pages.use(width=1440, height=900) as page, watch_page(page, mock.url):
        page.goto(f"{mock.url}/_mock/")
        yield page
