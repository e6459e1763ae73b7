"""The checkout page, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from mockserver.client.account_mock import AccountMock
from tests.browser.merchant import Merchant
from tests.browser.page_watch import watch_page
from tests.browser.shared_pages import SharedPages


@pytest.fixture
def page(
    shared_pages: SharedPages, merchant: Merchant, videodb_mock: AccountMock, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page, without JavaScript unless the test asks for it: it sends requests to mock and shop only."""
    localhost = f"http://localhost:{urlsplit(videodb_mock.url).port}"
    with (
        shared_pages.use(has_scripts=getattr(request, "param", False)) as page,
        watch_page(page, videodb_mock.url, localhost, *merchant.origins),
    ):
        yield page
