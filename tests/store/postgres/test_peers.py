"""Servers that lose the notifications of PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import pytest

from mockserver.billing import Faults
from mockserver.domain.errors import OutcomeUnknown
from mockserver.domain.planned_fault import FaultKind, Match, PlannedFault
from mockserver.store import open_store
from mockserver.store.postgres.connection.link import DatabaseLink
from tests.store.peers import Hearer, next_fault, serving, until
from tests.store.postgres.proxy import running_proxy
from tests.store.postgres_server import postgres_address, schema_of

RESET = PlannedFault("", Match(), FaultKind.RESET)
PATIENCE = 10


def test_server_that_does_not_hear_the_others_asks_the_store(tmp_path: Path) -> None:
    async def story() -> None:
        with running_proxy() as proxy:
            async with (
                serving(postgres_address(tmp_path)) as first,
                serving(proxy.address(schema_of(tmp_path))) as second,
            ):
                faults = Faults(second)
                assert await next_fault(faults) is None
                assert faults.is_idle
                proxy.cut()
                await until(lambda: not faults.is_idle)
                planned = await Faults(first).plan(RESET)
                assert await next_fault(faults) == planned.id
                await until(lambda: second.peers is not None and second.peers.fault_generation is not None)
                assert await next_fault(faults) is None
                assert faults.is_idle

    asyncio.run(story())


def test_plan_waits_a_limited_time_for_a_server_that_is_cut_off(tmp_path: Path) -> None:
    async def story() -> None:
        with running_proxy() as proxy:
            async with serving(postgres_address(tmp_path)) as first, serving(proxy.address(schema_of(tmp_path))):
                proxy.freeze()
                started = monotonic()
                async with asyncio.timeout(30):
                    await Faults(first).plan(RESET)
                assert monotonic() - started > 0.9
                proxy.thaw()

    asyncio.run(story())


def test_fault_that_is_stored_and_not_announced_has_an_unknown_outcome(tmp_path: Path) -> None:
    async def lose() -> None:
        with running_proxy() as proxy:
            async with serving(proxy.address(schema_of(tmp_path))) as store:
                assert store.peers is not None
                proxy.refuse()
                with pytest.raises(OutcomeUnknown):
                    await store.peers.announce_fault()
                proxy.accept()
                await store.peers.announce_fault()

    asyncio.run(lose())


def test_server_that_stops_while_it_connects_leaves_no_connection_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = psycopg.AsyncConnection.connect
    opened: list[psycopg.AsyncConnection[Any]] = []

    async def noted(**parameters: Any) -> psycopg.AsyncConnection[Any]:
        opened.append(await connect(**parameters))
        return opened[-1]

    async def starts_and_stops() -> None:
        has_connected = asyncio.Event()

        async def never_answered(*_: object, **__: object) -> None:
            has_connected.set()
            await asyncio.Event().wait()

        store = open_store(postgres_address(tmp_path))
        assert store.peers is not None
        monkeypatch.setattr(psycopg.AsyncConnection, "connect", noted)
        monkeypatch.setattr(DatabaseLink, "run", never_answered)
        starting = asyncio.create_task(store.peers.start(Hearer()))
        await has_connected.wait()
        await store.peers.stop()
        starting.cancel()
        store.close()

    asyncio.run(starts_and_stops())
    assert [connection.closed for connection in opened] == [True]
