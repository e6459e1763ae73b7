"""The work of a statement does not grow with the rows that it does not return.

SQLite counts the instructions of its virtual machine, so the tests measure work and no time.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from mockserver.domain.clock import Clock
from mockserver.domain.instant import month_start
from mockserver.domain.ledger import EntryKind
from mockserver.domain.session import ID_LENGTH, CheckoutSession, session_id
from mockserver.store import Transaction
from mockserver.store.sqlite.store import SqliteStore
from tests.builders import ACCOUNT, NOON, OTHER, a_session, an_entry, an_invoice

FEW: Final = 20
MANY: Final = 2_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.db")
    yield opened
    opened.close()


def add_rows(store: SqliteStore, account: str, count: int) -> None:
    """Add sessions, invoices and entries of consumption to an account."""

    async def run() -> None:
        async with store.transaction() as tx:
            for _ in range(count):
                await tx.add_session(a_session(account=account))
                await tx.add_invoice(an_invoice(account=account))
                await tx.add_entry(
                    an_entry(account=account, credits=-1, kind=EntryKind.CONSUMPTION, category="llm", microunits=1)
                )

    asyncio.run(run())


def instructions(store: SqliteStore, read: Callable[[Transaction], Awaitable[object]]) -> int:
    """The instructions that SQLite runs for a read."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    async def run() -> None:
        async with store.transaction() as tx:
            database: sqlite3.Connection = store._db
            database.set_progress_handler(step, 1)
            await read(tx)
            database.set_progress_handler(None, 1)

    asyncio.run(run())
    return count


@pytest.mark.parametrize("rows", ["sessions", "invoices"])
def test_page_costs_the_same_at_any_offset_and_length_of_the_list(store: SqliteStore, rows: str) -> None:
    add_rows(store, ACCOUNT, FEW)
    add_rows(store, OTHER, MANY)

    def cost(account: str, offset: int) -> int:
        async def read(tx: Transaction) -> None:
            page = (
                await tx.sessions(account=account, limit=10, offset=offset)
                if rows == "sessions"
                else await tx.invoices(account, limit=10, offset=offset)
            )
            assert len(page) == 10

        return instructions(store, read)

    first = cost(ACCOUNT, 0)
    assert cost(OTHER, 0) <= first + 1
    assert cost(OTHER, MANY - 10) <= first + 10


def test_session_is_found_with_the_same_work_among_any_number(store: SqliteStore) -> None:
    async def create() -> str:
        def named(_: Clock, number: int | None) -> CheckoutSession:
            return a_session()._replace(id=session_id(os.urandom(ID_LENGTH), number))

        return (await store.create_session(ACCOUNT, named)).id

    add_rows(store, ACCOUNT, 1)
    few = asyncio.run(create())
    before = instructions(store, lambda tx: tx.session(few))
    add_rows(store, ACCOUNT, MANY)
    many = asyncio.run(create())
    assert instructions(store, lambda tx: tx.session(many)) == before
    indexed = store._db.execute("SELECT count(*) FROM sessions WHERE indexed = 1 AND id IN (?, ?)", (few, many))
    assert indexed.fetchone() == (0,), "the index of ids has none of them"


@pytest.mark.parametrize(
    "read",
    [
        lambda tx, account: tx.consumed(account),
        lambda tx, account: tx.consumed(account, month=month_start(NOON)),
        lambda tx, account: tx.consumed_units(account),
        lambda tx, account: tx.balance(account),
        lambda tx, account: tx.accounts(only=account, limit=1, offset=0),
        lambda tx, account: tx.ledger(account, limit=5, offset=2, step=3),
        lambda tx, account: tx.entry_count(account),
        lambda tx, account: tx.add_entry(an_entry(account=account)),
    ],
    ids=["consumed", "consumed in a month", "units", "balance", "summary", "ledger", "count", "addition"],
)
def test_sums_cost_the_same_for_any_number_of_entries(
    store: SqliteStore, read: Callable[[Transaction, str], Awaitable[object]]
) -> None:
    add_rows(store, ACCOUNT, FEW)
    add_rows(store, OTHER, MANY)
    few, many = (instructions(store, lambda tx, of=account: read(tx, of)) for account in (ACCOUNT, OTHER))  # type: ignore[misc]  # bound now
    assert many <= few + 1
