"""The bound on the sessions of an account in memory."""

from __future__ import annotations

import asyncio
import logging

import pytest

from mockserver.domain.errors import SessionNotFound
from mockserver.domain.session import CheckoutSession
from mockserver.store import Store, StoreUnusable, open_store
from tests.builders import ACCOUNT, OTHER, a_session


def add(store: Store, account: str, count: int) -> list[CheckoutSession]:
    async def all_of_them() -> list[CheckoutSession]:
        return [await store.create_session(account, lambda _, __: a_session(account=account)) for _ in range(count)]

    return asyncio.run(all_of_them())


def listed(store: Store, account: str) -> list[str]:
    async def names() -> list[str]:
        async with store.transaction() as tx:
            return [each.id for each in await tx.sessions(account=account, limit=10_000, offset=0)]

    return asyncio.run(names())


def test_newest_sessions_stay_and_the_log_says_it_once(caplog: pytest.LogCaptureFixture) -> None:
    store = open_store("memory?sessions=10")
    with caplog.at_level(logging.WARNING):
        added = [each.id for each in add(store, ACCOUNT, 25)]
    assert listed(store, ACCOUNT) == added[:-11:-1]
    [record] = caplog.records
    assert "more than 10 sessions" in record.getMessage()

    async def look() -> None:
        async with store.transaction() as tx:
            await tx.session(added[0])

    with pytest.raises(SessionNotFound):
        asyncio.run(look())


def test_each_account_has_a_bound_of_its_own() -> None:
    store = open_store("memory?sessions=10")
    others = [each.id for each in add(store, OTHER, 10)]
    add(store, ACCOUNT, 30)
    assert listed(store, OTHER) == others[::-1]


def test_default_bound_keeps_a_hundred_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store("memory")
    assert len(add(store, ACCOUNT, 1_001)) == len(listed(store, ACCOUNT)) == 1_001
    assert store._most_sessions == 100_000  # type: ignore[attr-defined]  # of this kind of store alone


@pytest.mark.parametrize(
    "address", ["memory?", "memory?sessions=", "memory?sessions=0", "memory?sessions=-1", "memory:", "memory?x=1"]
)
def test_other_bound_is_refused(address: str) -> None:
    with pytest.raises(StoreUnusable, match=r"memory\?sessions=100000"):
        open_store(address)
