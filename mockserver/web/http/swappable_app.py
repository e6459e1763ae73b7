"""An ASGI application that can be replaced while it serves. A request keeps the application it started with."""

from __future__ import annotations

from mockserver.asgi import ASGIApp, Receive, Scope, Send


class SwappableApp:
    """Pass each request to the current application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def swap(self, app: ASGIApp) -> None:
        """Pass new requests to another application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
