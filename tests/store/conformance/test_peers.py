"""Two servers on one store: faults that one of them plans, and transactions of both."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from mockserver.billing import Faults
from mockserver.domain.clock import Clock
from mockserver.domain.planned_fault import FaultKind, Match, PlannedFault
from mockserver.domain.session import CheckoutSession
from mockserver.store import Store
from tests.builders import ACCOUNT
from tests.store.backends import BACKENDS, SHARED
from tests.store.conformance.contents import numbered_session
from tests.store.peers import next_fault, serving

RESET = PlannedFault("", Match(), FaultKind.RESET)
PATIENCE = 10


@pytest.fixture(params=SHARED)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a shared store of each kind."""
    return BACKENDS[request.param].address(tmp_path)


def test_planned_fault_holds_for_the_next_request_to_any_server(address: str) -> None:
    async def story() -> None:
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


def test_faults_strike_as_often_as_planned_over_all_servers(address: str) -> None:
    async def story() -> None:
        async with serving(address) as first, serving(address) as second:
            servers = [Faults(first), Faults(second)]
            planned = [
                (await servers[number % 2].plan(RESET._replace(times=times))).id for number, times in enumerate((3, 4))
            ]
            struck = await asyncio.gather(*(next_fault(servers[number % 2]) for number in range(20)))
            assert Counter(struck) == {planned[0]: 3, planned[1]: 4, None: 13}

    asyncio.run(story())


def test_changes_of_an_account_through_two_servers_all_count(address: str) -> None:
    async def rename(store: Store) -> None:
        async with store.transaction() as tx:
            await tx.open_account(ACCOUNT)
            await tx.put_plan(ACCOUNT, f"{await tx.plan(ACCOUNT) or ''}x")

    async def clock_of(store: Store) -> None:
        async with store.transaction(exclusive=True) as tx:
            await tx.put_clock(None, await tx.clock(None))

    async def story() -> str | None:
        async with serving(address) as first, serving(address) as second:
            stores = (first, second) * 15
            await asyncio.gather(*map(rename, stores), *map(clock_of, stores))
            async with first.transaction() as tx:
                return await tx.plan(ACCOUNT)

    assert asyncio.run(story()) == "x" * 30


def test_session_is_created_by_the_clock_that_another_server_has_moved(address: str) -> None:
    times: list[Clock] = []

    def create(clock: Clock, number: int | None) -> CheckoutSession:
        times.append(clock)
        return numbered_session(clock, number)

    async def move(store: Store, account: str | None, clock: Clock | None) -> None:
        async with store.transaction(exclusive=account is None) as tx:
            await (tx.drop_clock(account) if clock is None else tx.put_clock(account, clock))

    async def story() -> None:
        async with serving(address) as first, serving(address) as second:
            own, common = Clock(timedelta(hours=1)), Clock(timedelta(hours=2))
            for account, clock, expected in (
                (ACCOUNT, own, own),
                (None, common, own),
                (ACCOUNT, None, common),
                (None, None, Clock()),
            ):
                await move(first, account, clock)
                assert await second.clock(ACCOUNT) == expected
                created = await second.create_session(ACCOUNT, create)
                assert times[-1] == expected
                async with first.transaction() as tx:
                    assert await tx.session(created.id) == created
            async with first.transaction() as tx:
                page = await tx.sessions(account=ACCOUNT, limit=9, offset=0)
            assert len(page) == 4, "one that was created by an old clock is not stored"

    asyncio.run(story())


def test_sessions_of_all_servers_are_listed_in_the_order_of_their_creation(address: str) -> None:
    async def story() -> None:
        async with serving(address) as first, serving(address) as second:
            created = [(await store.create_session(ACCOUNT, numbered_session)).id for store in (first, second) * 3]
            async with first.transaction(exclusive=True) as tx:
                for account in (None, ACCOUNT):
                    page = await tx.sessions(account=account, limit=9, offset=0)
                    assert [each.id for each in page] == created[::-1]

    asyncio.run(story())


def test_account_that_another_server_has_deleted_is_created_anew(address: str) -> None:
    async def story() -> None:
        async with serving(address) as first, serving(address) as second:
            for _ in range(2):
                await first.create_session(ACCOUNT, numbered_session)
            async with second.transaction() as tx:
                await tx.forget(ACCOUNT)
            created = await first.create_session(ACCOUNT, numbered_session)
            async with second.transaction() as tx:
                assert await tx.has_account(ACCOUNT)
                assert [each.id for each in await tx.sessions(account=ACCOUNT, limit=9, offset=0)] == [created.id]

    asyncio.run(story())
