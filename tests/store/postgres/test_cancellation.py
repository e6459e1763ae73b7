"""A request that is cancelled while PostgreSQL works ends, whatever the client library makes of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from mockserver.store.postgres.connection.address import parse_address
from mockserver.store.postgres.connection.link import DatabaseLink
from tests.store.postgres_server import postgres_address

SLEEP = ("SELECT pg_sleep(60)", ())


async def run_cancelled(link: DatabaseLink, count: int) -> None:
    """Run statements that take long, and cancel them when the server has begun."""
    running = asyncio.create_task(link.run([SLEEP] * count, seconds=30))
    while link.is_idle:
        await asyncio.sleep(0.005)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize("count", [1, 2])
def test_cancelled_statements_end_at_once(tmp_path: Path, count: int) -> None:
    async def story() -> None:
        link = await DatabaseLink.connect(parse_address(postgres_address(tmp_path)))
        async with asyncio.timeout(20):
            await run_cancelled(link, count)
        link.close()

    asyncio.run(story())


def test_cancellation_is_not_lost_in_an_error_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails_when_cancelled(*_: object, **__: object) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise psycopg.errors.PipelineAborted from None

    async def story() -> None:
        link = await DatabaseLink.connect(parse_address(postgres_address(tmp_path)))
        monkeypatch.setattr(psycopg.AsyncRawCursor, "execute", fails_when_cancelled)
        running = asyncio.create_task(link.run([SLEEP], seconds=30))
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        link.close()

    asyncio.run(story())
