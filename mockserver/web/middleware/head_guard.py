"""The checks of every request's head: its size, and the Host.

A foreign page could use a name of its own that leads to this machine (DNS rebinding), so few hosts are allowed.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.domain.errors import CheckoutError, ForbiddenHost, HeadersTooLarge, InvalidRequest
from mockserver.web.http.headers import RequestHeaders, headers_of
from mockserver.web.http.hosts import Hosts
from mockserver.web.http.refusal import refusal

HEADER_LIMIT: Final = 32 * 1024


class HeadGuard:
    """Refuse requests for hosts that are not allowed, and a request line and headers over 32 KiB."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts) -> None:
        self._app = app
        self._is_allowed = hosts.is_allowed

    # The guards return what is to be awaited: a coroutine of their own would only pass it on.
    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            headers = headers_of(scope)
            size = headers.size + len(scope["query_string"]) + len(scope["path"])
            if headers.host is None or size > HEADER_LIMIT or not self._is_allowed(headers.host):
                return refusal(self._error(headers, size))(scope, receive, send)
        return self._app(scope, receive, send)

    def _error(self, headers: RequestHeaders, size: int) -> CheckoutError:
        host = headers.host
        if host is None:
            return InvalidRequest(f"the request has {len(headers.every(b'host'))} Host headers; one is needed")
        if not self._is_allowed(host):
            return ForbiddenHost(f"the Host {host[:80]!r} is not allowed; allow it with --allow-host NAME")
        return HeadersTooLarge(f"the request line and headers have {size} bytes; the limit is {HEADER_LIMIT}")
