"""Promises that every page keeps, whatever the test is about: no foreign requests, no complaints in the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response, WebError


class PageWatch:
    """Records the requests and the complaints of a page."""

    def __init__(self) -> None:
        self._requests: list[str] = []
        self._refused: set[str] = set()
        self._complaints: list[tuple[str, str]] = []

    def origins(self) -> set[str]:
        """The origins of all requests."""
        return {f"{url.scheme}://{url.netloc}" for url in map(urlsplit, self._requests) if url.scheme != "data"}

    def complaints(self) -> list[str]:
        """The warnings and errors of the console."""
        # Chromium notes refused requests; the status of a page, and of a control request, may be a refusal
        refusal = "Failed to load resource: the server responded with a status of 4"
        return [text for url, text in self._complaints if not (text.startswith(refusal) and url in self._refused)]

    def record_request(self, request: Request) -> None:
        """Record the address."""
        self._requests.append(request.url)

    def record_response(self, response: Response) -> None:
        """Record a refusal that is no mistake of the page."""
        is_control = urlsplit(response.url).path.startswith("/_mock/")
        if response.status >= 400 and (response.request.is_navigation_request() or is_control):
            self._refused.add(response.url)

    def record_message(self, message: ConsoleMessage) -> None:
        """Record a warning or an error."""
        if message.type in ("error", "warning"):
            self._complaints.append((message.location["url"], message.text))

    def record_error(self, error: WebError) -> None:
        """Record an exception that nothing caught."""
        self._complaints.append((error.page.url if error.page else "", str(error.error)))


@contextmanager
def watch_page(page: Page, *origins: str) -> Iterator[PageWatch]:
    """Check when the block ends that the page sent requests to these origins only, and that its console is empty."""
    watch, context = PageWatch(), page.context
    listeners = {
        "request": watch.record_request,
        "response": watch.record_response,
        "console": watch.record_message,
        "weberror": watch.record_error,
    }
    for event, listener in listeners.items():
        context.on(event, listener)  # type: ignore[call-overload]
    try:
        yield watch
    finally:
        for event, listener in listeners.items():
            context.remove_listener(event, listener)
    assert watch.origins() <= set(origins)
    assert watch.complaints() == []
