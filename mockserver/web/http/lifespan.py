"""The lifespan of an ASGI application, as an async context manager."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from mockserver.asgi import ASGIApp, Receive, Scope, Send

Lifespan = Callable[[], AbstractAsyncContextManager[dict[str, Any]]]
"""Yields the lifespan state between startup and shutdown."""


class LifespanApp:
    """An application with a lifespan."""

    def __init__(self, app: ASGIApp, lifespan: Lifespan) -> None:
        self._app = app
        self._lifespan = lifespan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        phase = "startup"
        await receive()
        try:
            async with self._lifespan() as state:
                scope["state"].update(state)
                await send({"type": "lifespan.startup.complete"})
                phase = "shutdown"
                await receive()
        except BaseException:
            await send({"type": f"lifespan.{phase}.failed", "message": traceback.format_exc()})
            raise
        await send({"type": "lifespan.shutdown.complete"})
