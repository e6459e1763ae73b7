"""Answers that reach the page late, so that events overtake them."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import APIResponse, Page, Route

from tests.browser.shared_pages import MILLISECONDS


class HeldAnswers:
    """Holds up the answers to a page's requests for `pattern`. Each is fetched at once."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._page: Final = page
        self._held: list[tuple[Route, APIResponse]] = []
        self._fetching = 0
        self._is_holding = True
        page.route(pattern, self._hold)

    def wait(self) -> None:
        """Wait for an answer, and for all that are being fetched."""
        for _ in range(MILLISECONDS // 5):
            if self._held and not self._fetching:
                return
            self._page.wait_for_timeout(5)
        raise TimeoutError("the page sent no request whose answer is to be held")

    def release_held(self) -> None:
        """Release the answers to the requests sent so far, and hold those to come."""
        self.wait()
        self._fulfill()

    def release(self) -> None:
        """Release all answers, and hold no more."""
        self._is_holding = False  # those that are being fetched are not held any more
        self._fulfill()

    def _fulfill(self) -> None:
        while self._held:
            route, answer = self._held.pop(0)
            route.fulfill(response=answer)

    def _hold(self, route: Route) -> None:
        self._fetching += 1
        answer = route.fetch()
        self._fetching -= 1
        if self._is_holding:
            self._held.append((route, answer))
        else:
            route.fulfill(response=answer)
