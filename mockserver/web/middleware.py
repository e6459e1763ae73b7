"""What every request goes through before it comes to a route."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.domain.errors import (
    CheckoutError,
    ControlTokenRequired,
    ForbiddenHost,
    ForbiddenOrigin,
    HeadersTooLarge,
)
from mockserver.journal.redaction import redact_text
from mockserver.web.address import host_of
from mockserver.web.envelope import refusal
from mockserver.web.hosts import Hosts, is_loopback_origin, is_same_origin
from mockserver.web.media import prefers_html
from mockserver.web.reply import Header
from mockserver.web.secrets import same_text

HEADER_LIMIT: Final = 32 * 1024
DASHBOARD: Final = ("/_mock", "/_mock/")
DASHBOARD_ASSETS: Final = "/_mock/dashboard/"
ACCOUNT_KEY: Final = "mockserver.account"
"""Where a request's scope says whose account it is, once that is known."""

RequestLine = Callable[[str, str, int | None, float, str | None], None]
"""Told of each request: method, path, status (None: there was no answer), milliseconds, account."""

_SLASHES: Final = re.compile("//+")


class Headers:
    """Refuses headers over 32 KiB, and reads repeated slashes in a path as one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            size = len(scope["query_string"]) + len(scope["path"])
            for name, value in scope["headers"]:
                size += len(name) + len(value)
            if size > HEADER_LIMIT:
                error = HeadersTooLarge(f"the request line and headers are {size} bytes; {HEADER_LIMIT} are the most")
                await refusal(error)(scope, receive, send)
                return
            if "//" in scope["path"]:
                scope["path"] = _SLASHES.sub("/", scope["path"])
        await self.app(scope, receive, send)


class Guard:
    """Lets only our own and local web pages come to the checkout pages and the control API."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts) -> None:
        self.app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (error := self._refusal(scope)):
            await refusal(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> CheckoutError | None:
        headers: list[Header] = scope["headers"]
        host = host_of(headers)
        if host is None or not self._hosts.knows(host):
            return ForbiddenHost(f"the Host {(host or '')[:80]!r} is not this mock's; allow it with --allow-host NAME")
        origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
        for origin in origins:
            if not is_same_origin(origin, scope["scheme"], host) and not is_loopback_origin(origin):
                return ForbiddenOrigin(f"a web page of {origin[:80]!r} may not do this; local ones may")
        # where there is an Origin it says more: to a browser localhost and 127.0.0.1 are two sites
        if not origins and _is_from_elsewhere(scope):
            return ForbiddenOrigin("a web page of another site may lead here, and may not do this")
        return None


def _is_from_elsewhere(scope: Scope) -> bool:
    """Whether a browser says that another site's page asks, and not just leads a person to a page of ours."""
    told = {name: value for name, value in scope["headers"] if name.startswith(b"sec-fetch-")}
    if told.get(b"sec-fetch-site") != b"cross-site":
        return False
    leads = told.get(b"sec-fetch-mode") == b"navigate" and told.get(b"sec-fetch-dest") == b"document"
    is_page = scope["path"] in DASHBOARD or not scope["path"].startswith("/_mock")
    return not (leads and is_page and scope["method"] in ("GET", "HEAD"))


class ContractFirst:
    """Hands every path to the contract, but for our own."""

    def __init__(self, app: ASGIApp, *, contract: ASGIApp, is_ours: Callable[[str], bool]) -> None:
        self.app = app
        self._contract = contract
        self._is_ours = is_ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(scope["path"]):
            await self._contract(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class ControlToken:
    """Asks for the bearer token at the control API; its health, and the dashboard without data, may be read without."""

    def __init__(self, app: ASGIApp, *, token: str) -> None:
        self.app = app
        self._expected = f"Bearer {token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/_mock") and not _is_for_everybody(scope):
            given = [value for name, value in scope["headers"] if name == b"authorization"]
            if len(given) != 1 or not same_text(given[0].decode("latin-1"), self._expected):
                error = ControlTokenRequired("the control API asks for Authorization: Bearer and the control token")
                await refusal(error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_for_everybody(scope: Scope) -> bool:
    path: str = scope["path"]
    if path == "/_mock/health" or path.startswith(DASHBOARD_ASSETS):
        return True
    return path in DASHBOARD and scope["method"] in ("GET", "HEAD") and prefers_html(scope["headers"])


class RequestLog:
    """Tells of each answer as it begins, and of each request that ends without one.

    What pages of ours fetch by themselves is not told.
    """

    def __init__(self, app: ASGIApp, *, line: RequestLine) -> None:
        self.app = app
        self._line = line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_fetched_by_a_page(scope):
            await self.app(scope, receive, send)
            return
        started, is_told = perf_counter(), False
        scope[ACCOUNT_KEY] = None

        def tell(status: int | None) -> None:
            nonlocal is_told
            if not is_told:
                is_told, took = True, (perf_counter() - started) * 1000
                self._line(scope["method"], redact_text(scope["path"]), status, took, scope[ACCOUNT_KEY])

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                tell(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, told)
        finally:
            tell(None)


def _is_fetched_by_a_page(scope: Scope) -> bool:
    if scope["method"] != "GET" or not scope["path"].startswith(("/_mock", "/c/")):
        return False
    told = dict(scope["headers"])
    return told.get(b"sec-fetch-site") == b"same-origin" and told.get(b"sec-fetch-mode") != b"navigate"
