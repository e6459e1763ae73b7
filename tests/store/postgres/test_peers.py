"""Two servers on one schema: faults that one of them plans, and transactions of both."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from mockserver.billing import Faults
from mockserver.domain.clock import Clock
from mockserver.domain.errors import OutcomeUnknown
from mockserver.domain.planned_fault import FaultKind, Match, PlannedFault
from mockserver.domain.session import CheckoutSession
from mockserver.store import Store, open_store
from mockserver.store.postgres.connection.link import DatabaseLink
from tests.builders import ACCOUNT
from tests.store.conformance.contents import numbered_session
from tests.store.postgres.proxy import running_proxy
from tests.store.postgres_server import postgres_address, schema_of

RESET = PlannedFault("", Match(), FaultKind.RESET)
PATIENCE = 10


class Hearer:
    """A server that hears of the others, and takes no note."""

    def take_message(self, message: str) -> None: ...

    def take_entries(self) -> None: ...

    def take_gap(self) -> None: ...


@asynccontextmanager
async def serving(address: str) -> AsyncIterator[Store]:
    """A store that listens to its peers."""
    store = open_store(address)
    assert store.peers is not None
    await store.peers.start(Hearer())
    try:
        await until(lambda: store.peers is not None and store.peers.fault_generation is not None)
        yield store
    finally:
        await store.peers.stop()
        store.close()


async def until(is_true: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not is_true():
        assert monotonic() < deadline
        await asyncio.sleep(0.005)


async def next_fault(faults: Faults, account: str | None = None) -> str | None:
    found = await faults.take_next("GET", "/", account)
    return found.id if found else None


def test_planned_fault_holds_for_the_next_request_to_any_server(tmp_path: Path) -> None:
    async def story() -> None:
        address = postgres_address(tmp_path)
        async with serving(address) as first, serving(address) as second:
            planner, other = Faults(first), Faults(second)
            for _ in range(20):
                assert await next_fault(other) is None
                assert other.is_idle, "no request asks the store while nothing waits"
                planned = await planner.plan(RESET)
                assert not other.is_idle
                assert await next_fault(other) == planned.id
                assert await next_fault(planner) is None

    asyncio.run(story())


def test_faults_strike_as_often_as_planned_over_all_servers(tmp_path: Path) -> None:
    async def story() -> None:
        address = postgres_address(tmp_path)
        async with serving(address) as first, serving(address) as second:
            servers = [Faults(first), Faults(second)]
            planned = [
                (await servers[number % 2].plan(RESET._replace(times=times))).id for number, times in enumerate((3, 4))
            ]
            struck = await asyncio.gather(*(next_fault(servers[number % 2]) for number in range(20)))
            assert Counter(struck) == {planned[0]: 3, planned[1]: 4, None: 13}

    asyncio.run(story())


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
    async def starts_and_stops() -> None:
        has_connected = asyncio.Event()

        async def never_answered(*_: object, **__: object) -> None:
            has_connected.set()
            await asyncio.Event().wait()

        store = open_store(postgres_address(tmp_path))
        assert store.peers is not None
        monkeypatch.setattr(DatabaseLink, "run", never_answered)
        await store.peers.start(Hearer())
        await has_connected.wait()
        await store.peers.stop()
        store.close()

    asyncio.run(starts_and_stops())
    gc.collect()  # psycopg warns of a connection that is left open, and a warning fails the test


def test_changes_of_an_account_through_two_servers_all_count(tmp_path: Path) -> None:
    async def rename(store: Store) -> None:
        async with store.transaction() as tx:
            await tx.open_account(ACCOUNT)
            await tx.put_plan(ACCOUNT, f"{await tx.plan(ACCOUNT) or ''}x")

    async def clock_of(store: Store) -> None:
        async with store.transaction(exclusive=True) as tx:
            await tx.put_clock(None, await tx.clock(None))

    async def story() -> str | None:
        address = postgres_address(tmp_path)
        async with serving(address) as first, serving(address) as second:
            stores = (first, second) * 15
            await asyncio.gather(*map(rename, stores), *map(clock_of, stores))
            async with first.transaction() as tx:
                return await tx.plan(ACCOUNT)

    assert asyncio.run(story()) == "x" * 30


def test_session_is_created_by_the_clock_that_another_server_has_moved(tmp_path: Path) -> None:
    times: list[Clock] = []

    def create(clock: Clock, number: int | None) -> CheckoutSession:
        times.append(clock)
        return numbered_session(clock, number)

    async def move(store: Store, account: str | None, clock: Clock | None) -> None:
        async with store.transaction(exclusive=account is None) as tx:
            await (tx.drop_clock(account) if clock is None else tx.put_clock(account, clock))

    async def story() -> None:
        address = postgres_address(tmp_path)
        async with serving(address) as first, serving(address) as second:
            own, common = Clock(timedelta(hours=1)), Clock(timedelta(hours=2))
            for account, clock, expected in (
                (ACCOUNT, own, own),
                (None, common, own),
                (ACCOUNT, None, common),
                (None, None, Clock()),
            ):
                await move(first, account, clock)
                created = await second.create_session(ACCOUNT, create)
                assert times[-1] == expected
                async with first.transaction() as tx:
                    assert await tx.session(created.id) == created
            async with first.transaction() as tx:
                page = await tx.sessions(account=ACCOUNT, limit=9, offset=0)
            assert len(page) == 4, "one that was created by an old clock is not stored"

    asyncio.run(story())


def test_sessions_of_all_servers_are_listed_in_the_order_of_their_creation(tmp_path: Path) -> None:
    async def story() -> None:
        address = postgres_address(tmp_path)
        async with serving(address) as first, serving(address) as second:
            created = [(await store.create_session(ACCOUNT, numbered_session)).id for store in (first, second) * 3]
            async with first.transaction(exclusive=True) as tx:
                for account in (None, ACCOUNT):
                    page = await tx.sessions(account=account, limit=9, offset=0)
                    assert [each.id for each in page] == created[::-1]

    asyncio.run(story())
