"""ASGI applications that are built at their first request."""

from __future__ import annotations

from collections.abc import Callable

from mockserver.asgi import ASGIApp, Receive, Scope, Send


class LazyApp:
    """Build an ASGI application at its first request. Its imports do not delay the start or the first checkout."""

    def __init__(self, build: Callable[[], ASGIApp]) -> None:
        self._build = build
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            self._app = self._build()
        await self._app(scope, receive, send)
