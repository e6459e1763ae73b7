"""A part that can be put in another's place while requests are under way: each goes through the one it came to."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class Switch:
    """An ASGI application that leads to another, and from a moment on to a third."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def to(self, app: ASGIApp) -> None:
        """Lead there from now on."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
