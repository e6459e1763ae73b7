"""The bounds of a journal that several servers share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mockserver.store import open_store
from mockserver.store.postgres.connection.link import DatabaseLink, Rows, Statement
from mockserver.store.postgres.peers.journal_rows import JournalRows
from mockserver.store.postgres.store import PostgresStore
from tests.store.postgres_server import postgres_address

PER_ACCOUNT = 40
A_TWENTIETH = 2


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[JournalRows]:
    store = open_store(postgres_address(tmp_path))
    assert isinstance(store, PostgresStore)
    with closing(store):
        yield store.peers.journal


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts whose bound is looked at from now on, each as the text of an array."""
    run: Callable[..., Awaitable[list[Rows]]] = DatabaseLink.run
    seen: list[str] = []

    async def noted(link: DatabaseLink, statements: list[Statement], *, seconds: float) -> list[Rows]:
        seen.extend(str(parameters[0]) for sql, parameters in statements if "DELETE FROM journal USING" in sql)
        return await run(link, statements, seconds=seconds)

    monkeypatch.setattr(DatabaseLink, "run", noted)
    return seen


async def add(rows: JournalRows, *accounts: str, in_all: int = 10_000) -> None:
    """Add an entry for each account, in one statement."""
    await rows.add_rows([(account, 0, 9, "1") for account in accounts], (PER_ACCOUNT, in_all, 10**6))


async def count(rows: JournalRows, account: str) -> int:
    return len(await rows.rows(account, limit=10_000))


def test_bound_of_an_account_holds_within_a_twentieth(rows: JournalRows) -> None:
    async def story() -> list[int]:
        counts = []
        for _ in range(3 * PER_ACCOUNT):
            await add(rows, "a")
            counts.append(await count(rows, "a"))
        return counts

    counts = asyncio.run(story())
    assert max(counts) < PER_ACCOUNT + A_TWENTIETH
    assert counts[-1] >= PER_ACCOUNT


def test_account_with_few_new_entries_is_not_looked_at(rows: JournalRows, looks: list[str]) -> None:
    async def story() -> None:
        await add(rows, *(f"account {number}" for number in range(9)))
        assert looks == []
        await add(rows, "account 1", "account 5")

    asyncio.run(story())
    assert sorted(looks[0].strip("{}").split(",")) == ['"account 1"', '"account 5"']


def test_accounts_are_looked_at_when_they_are_too_many_to_count_for(rows: JournalRows, looks: list[str]) -> None:
    async def story() -> None:
        for number in range(5):
            await add(rows, f"account {number}", in_all=4)

    asyncio.run(story())
    assert [look.count("account") for look in looks] == [5]
