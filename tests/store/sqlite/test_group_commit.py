from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from mockserver.store.sqlite.group_commit import GroupCommit
from mockserver.store.sqlite.store import SqliteStore
from tests.builders import ACCOUNT, a_session, an_entry


class Spoilt(Exception):
    """What a transaction fails with in these tests."""


def statements(store: SqliteStore) -> list[str]:
    """What is said to SQLite from now on."""
    said: list[str] = []
    store._db.set_trace_callback(said.append)
    return said


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "store.db")


def test_transactions_of_one_moment_share_a_commit(store: SqliteStore) -> None:
    said = statements(store)

    async def keep() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    async def all_at_once() -> None:
        await asyncio.gather(*(keep() for _ in range(50)))

    asyncio.run(all_at_once())
    assert said.count("COMMIT") < 5
    assert said.count("RELEASE tx") == 50
    store.close()


def test_one_that_fails_takes_nothing_of_the_others_along(store: SqliteStore) -> None:
    sessions = [a_session() for _ in range(20)]

    async def keep(number: int) -> None:
        async with store.transaction() as tx:
            await tx.add_session(sessions[number])
            if number % 2:
                raise Spoilt

    async def all_at_once() -> int:
        ends = await asyncio.gather(*(keep(number) for number in range(20)), return_exceptions=True)
        assert [isinstance(end, Spoilt) for end in ends] == [bool(number % 2) for number in range(20)]
        async with store.transaction() as tx:
            return len(await tx.sessions(account=ACCOUNT, limit=99, offset=0))

    assert asyncio.run(all_at_once()) == 10
    store.close()


def test_a_transaction_has_not_ended_before_its_commit(store: SqliteStore) -> None:
    said = statements(store)

    async def keep(*, fails: bool) -> bool:
        try:
            async with store.transaction() as tx:
                await tx.open_account(ACCOUNT)
                if fails:
                    raise Spoilt
        except Spoilt:
            pass
        return "COMMIT" in said

    async def both() -> list[bool]:
        return list(await asyncio.gather(keep(fails=False), keep(fails=True)))

    assert asyncio.run(both()) == [True, True]
    store.close()


def test_where_the_commit_fails_all_fail_and_the_next_goes_well(store: SqliteStore) -> None:
    async def keep() -> None:
        async with store.transaction() as tx:
            # a deferred constraint is the one thing that fails as late as the commit
            store._db.execute("PRAGMA defer_foreign_keys = ON")
            store._db.execute("INSERT INTO child (parent) VALUES (99)")
            await tx.add_session(a_session())

    async def look() -> int:
        async with store.transaction() as tx:
            return len(await tx.sessions(account=ACCOUNT, limit=99, offset=0))

    async def story() -> None:
        ends = await asyncio.gather(keep(), keep(), return_exceptions=True)
        assert all(isinstance(end, sqlite3.IntegrityError) for end in ends)
        assert await look() == 0

    store._db.execute("PRAGMA foreign_keys = ON")
    store._db.executescript(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent REFERENCES parent)"
    )
    asyncio.run(story())
    store.close()


def test_a_full_disk_fails_who_fills_it_and_leaves_what_was_kept(store: SqliteStore) -> None:
    async def keep(category: str) -> None:
        async with store.transaction() as tx:
            await tx.add_entry(an_entry(category=category))

    async def story() -> int:
        await keep("small")
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(sqlite3.OperationalError):
            await keep("large" * 100_000)
        await keep("small")
        async with store.transaction() as tx:
            return len(await tx.entries(ACCOUNT))

    assert asyncio.run(story()) == 2
    store.close()


def test_one_who_is_cancelled_does_not_take_the_commit_along(store: SqliteStore) -> None:
    async def keep() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    async def story() -> int:
        first, second = asyncio.create_task(keep()), asyncio.create_task(keep())
        await asyncio.sleep(0)
        first.cancel()
        await second
        assert first.cancelled() or first.done()
        async with store.transaction() as tx:
            return len(await tx.sessions(account=ACCOUNT, limit=99, offset=0))

    assert asyncio.run(story()) == 2
    store.close()


def test_a_transaction_that_waits_half_way_is_committed_whole(store: SqliteStore) -> None:
    said = statements(store)

    async def story() -> None:
        async with store.transaction() as tx:
            await tx.open_account(ACCOUNT)
            for _ in range(5):
                await asyncio.sleep(0)
            assert "COMMIT" not in said

    asyncio.run(story())
    assert said[-2:] == ["RELEASE tx", "COMMIT"]
    assert isinstance(store._commit, GroupCommit)
    store.close()
