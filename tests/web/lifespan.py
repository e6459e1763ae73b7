"""The lifespan of an ASGI application: started at the beginning of a block, ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start the application, and shut it down."""
    said: asyncio.Queue[str] = asyncio.Queue()
    answers: asyncio.Queue[str] = asyncio.Queue()

    async def receive() -> dict[str, Any]:
        return {"type": await said.get()}

    async def send(message: dict[str, Any]) -> None:
        await answers.put(message["type"])

    life = asyncio.create_task(app({"type": "lifespan", "state": {}}, receive, send))
    await said.put("lifespan.startup")
    assert await answers.get() == "lifespan.startup.complete"
    yield
    await said.put("lifespan.shutdown")
    assert await answers.get() == "lifespan.shutdown.complete"
    await life
