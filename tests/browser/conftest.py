"""A real Chromium on the pages of a real mock, with a real shop to come from and go back to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from mockserver import running
from mockserver.pytest_plugin import AccountMock

from .chromium import NoChromium, launched
from .merchant import Merchant, open_shop
from .page_watch import Watch

_MILLISECONDS: Final = 15_000
"""How long something may take that should be there at once, on a machine that does other work too."""


# not for the whole run: while Playwright is on, its thread has an event loop, and other tests start their own
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        with launched() as chromium:
            expect.set_options(timeout=_MILLISECONDS)
            yield chromium
    except NoChromium as error:
        pytest.fail(str(error), pytrace=False)


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
    """A mock that nobody else uses now: its dashboard shows what this test has done, and nothing else."""
    found = AccountMock(mock_url)
    found.control("DELETE", "/faults")
    found.control("POST", "/reset", body={})
    found.control("DELETE", "/clock")
    return found


@pytest.fixture
def board(browser: Browser, mock: AccountMock) -> Iterator[Page]:
    """A window with the dashboard of a mock of its own, which talks to that mock only and complains of nothing."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.set_default_timeout(_MILLISECONDS)
        window = context.new_page()
        watch = Watch(window)
        window.goto(f"{mock.url}/_mock/")
        yield window
        assert watch.origins() == {mock.url}
        assert watch.complaints() == []


@pytest.fixture
def page(
    browser: Browser, merchant: Merchant, videodb_mock: AccountMock, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A window without JavaScript, unless the test asks for it: it talks to mock and shop only, without complaint."""
    has_scripts = getattr(request, "param", False)
    with browser.new_context(java_script_enabled=has_scripts) as context:
        context.set_default_timeout(_MILLISECONDS)
        window = context.new_page()
        watch = Watch(window)
        yield window
        port = urlsplit(videodb_mock.url).port
        assert watch.origins() <= {videodb_mock.url, f"http://localhost:{port}", *merchant.origins}
        assert watch.complaints() == []
