"""A real Chromium on the pages of a real mock, with a real shop to come from and go back to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mockserver import running
from mockserver.client.account_mock import AccountMock

from .chromium import NoChromium, launched
from .merchant import Merchant, open_shop
from .shared_pages import MILLISECONDS, SharedPages


# not for the whole run: while Playwright is on, its thread has an event loop, and other tests start their own
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        with launched() as chromium:
            expect.set_options(timeout=MILLISECONDS)
            yield chromium
    except NoChromium as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="package")
def shared_pages(browser: Browser) -> Iterator[SharedPages]:
    pages = SharedPages(browser)
    yield pages
    pages.close()


@pytest.fixture
def window(shared_pages: SharedPages) -> Iterator[Page]:
    """A page with JavaScript that may do and show anything."""
    with shared_pages.use() as page:
        yield page


@pytest.fixture(scope="package")
def shop() -> Iterator[Merchant]:
    with open_shop() as merchant:
        yield merchant


@pytest.fixture
def merchant(shop: Merchant) -> Merchant:
    """The shop, before any buyer of this test."""
    shop.visits.clear()
    shop.is_ready.clear()
    return shop


@pytest.fixture(scope="package")
def mock_url() -> Iterator[str]:
    with running(store="memory") as started:
        yield started.url


@pytest.fixture
def mock(mock_url: str) -> AccountMock:
    """An empty mock: its dashboard shows the doings of this test, and nothing else."""
    empty = AccountMock(mock_url)
    empty.control("DELETE", "/faults")
    empty.control("POST", "/reset", body={})
    empty.control("DELETE", "/clock")
    return empty
