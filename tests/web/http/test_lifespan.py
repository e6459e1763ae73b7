from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mockserver.web.http.lifespan import LifespanApp


async def nothing(*_: Any) -> None:
    """An application."""


def run(fails_at: str | None) -> tuple[list[Any], dict[str, Any], Exception | None]:
    """The messages of a lifespan, its state, and the error that it ends with."""

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[dict[str, Any]]:
        if fails_at == "startup":
            raise OSError("no room")
        yield {"a": 1}
        if fails_at == "shutdown":
            raise OSError("no room")

    sent: list[Any] = []
    scope: dict[str, Any] = {"type": "lifespan", "state": {}}

    async def receive() -> dict[str, Any]:
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    try:
        asyncio.run(LifespanApp(nothing, lifespan)(scope, receive, send))
    except OSError as error:
        return sent, scope["state"], error
    return sent, scope["state"], None


def test_lifespan_starts_with_its_state_and_ends() -> None:
    sent, state, error = run(None)
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert (state, error) == ({"a": 1}, None)


@pytest.mark.parametrize("phase", ["startup", "shutdown"])
def test_failed_phase_is_reported_and_raised(phase: str) -> None:
    sent, _, error = run(phase)
    assert sent[-1]["type"] == f"lifespan.{phase}.failed"
    assert "no room" in sent[-1]["message"]
    assert error is not None
