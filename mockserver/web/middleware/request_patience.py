"""The patience of each request with a store that may keep it waiting."""

from __future__ import annotations

from mockserver.asgi import ASGIApp, Receive, Scope, Send
from mockserver.store.patience import patience


class RequestPatience:
    """Let the calls of a request wait for the store for so long, all together. A store of one server never waits."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # what the start begins has no end of its patience
            await self._app(scope, receive, send)
            return
        with patience():
            await self._app(scope, receive, send)
