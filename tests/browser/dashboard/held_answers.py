"""Answers that reach the page late, so that events overtake them."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import APIResponse, Page, Route


class HeldAnswers:
    """Holds up the answers to a page's requests for `pattern` from now on."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._page: Final = page
        self._held: list[tuple[Route, APIResponse]] = []
        self._holds = True
        page.route(pattern, self._hold)

    def wait(self) -> None:
        """Wait for an answer to hold."""
        while not self._held:
            self._page.wait_for_timeout(5)

    def release_first(self) -> None:
        """Hand over the oldest answer; the others, and those to come, are still held."""
        self.wait()
        self._hand_over()

    def release(self) -> None:
        """Hand over everything, now and from now on."""
        self._holds = False
        while self._held:
            self._hand_over()

    def _hand_over(self) -> None:
        route, answer = self._held.pop(0)
        route.fulfill(response=answer)

    def _hold(self, route: Route) -> None:
        if self._holds:
            self._held.append((route, route.fetch()))
        else:
            route.fallback()
