"""The hosts that the mock answers to."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.domain.errors import ForbiddenHost
from mockserver.web.http.address import HOST_KEY, host_of
from mockserver.web.http.hosts import Hosts
from mockserver.web.http.refusal import refusal


class HostGuard:
    """Refuse requests for hosts that are not allowed: a foreign page could name one that leads here (DNS rebinding)."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts) -> None:
        self.app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = scope[HOST_KEY] = host_of(scope["headers"])
            if host is None or not self._hosts.is_allowed(host):
                reason = f"the Host {(host or '')[:80]!r} is not allowed; allow it with --allow-host NAME"
                await refusal(ForbiddenHost(reason))(scope, receive, send)
                return
        await self.app(scope, receive, send)
