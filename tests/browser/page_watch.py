"""What a browser's page must never do, whatever the test is about."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Response


class Watch:
    """Sees what a page asks for and complains of."""

    def __init__(self, page: Page) -> None:
        self._asked: list[str] = []
        self._refused: set[str] = set()
        self._complaints: list[tuple[str, str]] = []
        page.context.on("request", lambda request: self._asked.append(request.url))
        page.context.on("response", self._answered)
        page.context.on("console", self._said)
        page.context.on("weberror", lambda error: self._complaints.append((page.url, str(error.error))))

    def origins(self) -> set[str]:
        """Whom the page has asked for anything."""
        return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self._asked) if parts.scheme != "data"}

    def complaints(self) -> list[str]:
        """What stands in the console as a warning or an error."""
        # a page with status 402, 404, 409 or 410 is shown, and what the dashboard is refused too; Chromium notes both
        noted = "Failed to load resource: the server responded with a status of 4"
        return [text for url, text in self._complaints if not (text.startswith(noted) and url in self._refused)]

    def _answered(self, response: Response) -> None:
        is_control = urlsplit(response.url).path.startswith("/_mock/")
        if response.status >= 400 and (response.request.is_navigation_request() or is_control):
            self._refused.add(response.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append((message.location["url"], message.text))
