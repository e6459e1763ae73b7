"""Pages that tests use one after the other.

A new context costs four times the processor time of a new document in an old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize

MILLISECONDS: Final = 15_000
"""The patience of a test: the machine may do other work too."""
HAS_FALSE_CLOCK: Final = "() => '__pwClock' in globalThis"
"""Playwright's clock stays with a page, and takes the place of its `performance` too."""
FORGET: Final = "() => { try { localStorage.clear() } catch { /* this page has no storage */ } }"


class SharedPages:
    """One page with JavaScript, and one without it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[bool, Page] = {}

    @contextmanager
    def use(self, *, has_scripts: bool = True, width: int = 1280, height: int = 720) -> Iterator[Page]:
        """A page that is as good as new."""
        page = self._page(has_scripts)
        page.set_viewport_size(ViewportSize(width=width, height=height))
        try:
            yield page
        finally:
            if has_scripts and page.evaluate(HAS_FALSE_CLOCK):
                self._pages.pop(has_scripts).context.close()
            else:
                self._reuse(page, has_scripts)

    def close(self) -> None:
        """Close what was opened."""
        for page in self._pages.values():
            page.context.close()

    def _reuse(self, page: Page, has_scripts: bool) -> None:
        if has_scripts:
            page.evaluate(FORGET)
        _clean(page)

    def _page(self, has_scripts: bool) -> Page:
        if has_scripts not in self._pages:
            context = self._browser.new_context(java_script_enabled=has_scripts)
            context.set_default_timeout(MILLISECONDS)
            self._pages[has_scripts] = context.new_page()
        return self._pages[has_scripts]


def _clean(page: Page) -> None:
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")
    page.emulate_media(color_scheme="null", reduced_motion="null")
    page.context.clear_permissions()
    page.context.clear_cookies()
