"""The log of requests."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from mockserver.asgi import ASGIApp, Message, Receive, Scope, Send
from mockserver.journal.redaction import redact_text
from mockserver.web.http.paths import CONTROL
from mockserver.web.http.request import ACCOUNT_KEY

RequestLine = Callable[[str, str, int | None, float, str | None], None]
"""Writes the line of a request: method, path, status (None without a reply), milliseconds and account."""


class RequestLog:
    """Log each request when its reply begins, or when it ends without a reply.

    Requests that the mock's own pages send by themselves are not logged.
    """

    def __init__(self, app: ASGIApp, *, line: RequestLine) -> None:
        self.app = app
        self._line = line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_sent_by_page_script(scope):
            await self.app(scope, receive, send)
            return
        started, is_logged = perf_counter(), False
        scope[ACCOUNT_KEY] = None

        def log(status: int | None) -> None:
            nonlocal is_logged
            if not is_logged:
                is_logged, took = True, (perf_counter() - started) * 1000
                self._line(scope["method"], redact_text(scope["path"]), status, took, scope[ACCOUNT_KEY])

        async def send_and_log(message: Message) -> None:
            if message["type"] == "http.response.start":
                log(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, send_and_log)
        finally:
            log(None)


def _is_sent_by_page_script(scope: Scope) -> bool:
    if scope["method"] != "GET" or not scope["path"].startswith((CONTROL, "/c/")):
        return False
    headers = dict(scope["headers"])
    return headers.get(b"sec-fetch-site") == b"same-origin" and headers.get(b"sec-fetch-mode") != b"navigate"
