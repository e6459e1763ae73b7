from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from mockserver.domain.clock import Clock
from mockserver.domain.errors import StoreUnavailable
from mockserver.domain.session import CheckoutSession
from mockserver.store.sqlite import group_commit
from mockserver.store.sqlite.group_commit import GroupCommit
from mockserver.store.sqlite.store import SqliteStore
from tests.builders import ACCOUNT, a_session, an_entry


class TransactionFailed(Exception):
    """The failure of a transaction in these tests."""


def trace_statements(store: SqliteStore) -> list[str]:
    """Collect the SQL statements from now on."""
    executed: list[str] = []
    store._db.set_trace_callback(executed.append)
    return executed


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "store.db")


def test_concurrent_transactions_share_a_commit(store: SqliteStore) -> None:
    executed = trace_statements(store)

    async def write() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    async def all_at_once() -> None:
        await asyncio.gather(*(write() for _ in range(50)))

    asyncio.run(all_at_once())
    assert executed.count("COMMIT") < 5
    assert sum(statement.startswith("INSERT INTO sessions") for statement in executed) == 50
    # the first one opened the account; the others changed nothing that could be undone
    assert executed.count("RELEASE tx") == 1
    store.close()


async def write_one_a_turn(store: SqliteStore, count: int) -> None:
    """Begin a transaction in each turn of the event loop."""

    async def write() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(write())
            await asyncio.sleep(0)


def test_transactions_of_successive_turns_share_a_commit(store: SqliteStore) -> None:
    asyncio.run(write_one_a_turn(store, 1))
    executed = trace_statements(store)
    asyncio.run(write_one_a_turn(store, 30))
    assert executed.count("COMMIT") == 1
    store.close()


def test_group_that_grows_in_each_turn_is_committed_when_large(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST", 10)
    asyncio.run(write_one_a_turn(store, 1))
    executed = trace_statements(store)
    asyncio.run(write_one_a_turn(store, 30))
    assert executed.count("COMMIT") == 3
    store.close()


def test_transaction_sees_the_waiting_sessions_of_its_group(store: SqliteStore) -> None:
    first, second = a_session(), a_session()

    async def write() -> None:
        async with store.transaction() as tx:
            await tx.add_session(first)

    async def look() -> list[str]:
        async with store.transaction() as tx:
            await tx.add_session(second)
            return [session.id for session in await tx.sessions(account=ACCOUNT, limit=9, offset=0)]

    async def both() -> list[str]:
        return (await asyncio.gather(write(), look()))[1]

    assert asyncio.run(both()) == [second.id, first.id]
    store.close()


def test_failed_transaction_takes_back_its_waiting_sessions_alone(store: SqliteStore) -> None:
    kept, dropped = a_session(), a_session()

    async def write(session: CheckoutSession, *, looks: bool, fails: bool) -> None:
        async with store.transaction() as tx:
            await tx.add_session(session)
            if looks:
                await tx.session(session.id)
            if fails:
                raise TransactionFailed

    async def story(*, looks: bool) -> list[str]:
        ends = await asyncio.gather(
            write(kept, looks=False, fails=False), write(dropped, looks=looks, fails=True), return_exceptions=True
        )
        assert [type(end) for end in ends] == [type(None), TransactionFailed]
        async with store.transaction() as tx:
            return [session.id for session in await tx.sessions(account=None, limit=9, offset=0)]

    assert asyncio.run(story(looks=False)) == [kept.id]
    kept = a_session()
    assert asyncio.run(story(looks=True))[:1] == [kept.id]
    store.close()


def test_sessions_that_cannot_be_added_fail_their_whole_group(store: SqliteStore) -> None:
    async def write(session: CheckoutSession) -> None:
        async with store.transaction() as tx:
            await tx.add_session(session)

    async def look() -> int:
        async with store.transaction() as tx:
            return len(await tx.sessions(account=None, limit=9, offset=0))

    async def story() -> None:
        twice = a_session()
        ends = await asyncio.gather(write(twice), write(twice), look(), return_exceptions=True)
        assert all(isinstance(end, StoreUnavailable) for end in ends)
        assert await look() == 0
        await write(twice)
        assert await look() == 1

    asyncio.run(story())
    store.close()


def test_defect_at_the_commit_leaves_nobody_waiting(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    async def story() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(store._commit._tx, "flush", lambda: 1 / 0)
            ends = await asyncio.wait_for(asyncio.gather(write(), write(), return_exceptions=True), 20)
        assert [type(end) for end in ends] == [ZeroDivisionError] * 2
        await write()

    asyncio.run(story())
    store.close()


def test_undone_account_and_clock_are_not_remembered(store: SqliteStore) -> None:
    async def fail() -> None:
        async with store.transaction() as tx:
            await tx.open_account(ACCOUNT)
            await tx.put_clock(ACCOUNT, Clock(timedelta(hours=5)))
            assert await tx.clock(ACCOUNT) == Clock(timedelta(hours=5))
            raise TransactionFailed

    async def story() -> None:
        with pytest.raises(TransactionFailed):
            await fail()
        async with store.transaction() as tx:
            assert not await tx.has_account(ACCOUNT)
            assert await tx.clock(ACCOUNT) == Clock()
            await tx.add_session(a_session())
        async with store.transaction() as tx:
            assert await tx.has_account(ACCOUNT)
            await tx.forget(ACCOUNT)
            await tx.add_session(a_session())
            assert await tx.has_account(ACCOUNT)

    asyncio.run(story())
    store.close()


def test_failed_transaction_leaves_others_of_its_group_intact(store: SqliteStore) -> None:
    sessions = [a_session() for _ in range(20)]

    async def write(number: int) -> None:
        async with store.transaction() as tx:
            await tx.add_session(sessions[number])
            if number % 2:
                raise TransactionFailed

    async def all_at_once() -> int:
        ends = await asyncio.gather(*(write(number) for number in range(20)), return_exceptions=True)
        assert [isinstance(end, TransactionFailed) for end in ends] == [bool(number % 2) for number in range(20)]
        async with store.transaction() as tx:
            return len(await tx.sessions(account=ACCOUNT, limit=99, offset=0))

    assert asyncio.run(all_at_once()) == 10
    store.close()


def test_transaction_does_not_end_before_its_commit(store: SqliteStore) -> None:
    executed = trace_statements(store)

    async def write(*, fails: bool) -> bool:
        try:
            async with store.transaction() as tx:
                await tx.open_account(ACCOUNT)
                if fails:
                    raise TransactionFailed
        except TransactionFailed:
            pass
        return "COMMIT" in executed

    async def both() -> list[bool]:
        return list(await asyncio.gather(write(fails=False), write(fails=True)))

    assert asyncio.run(both()) == [True, True]
    store.close()


def test_failed_commit_fails_its_group_but_not_the_next(store: SqliteStore) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            # a deferred constraint is the one thing that fails as late as the commit
            store._db.execute("PRAGMA defer_foreign_keys = ON")
            store._db.execute("INSERT INTO child (parent) VALUES (99)")
            await tx.add_session(a_session())

    async def look() -> int:
        async with store.transaction() as tx:
            return len(await tx.sessions(account=ACCOUNT, limit=99, offset=0))

    async def story() -> None:
        ends = await asyncio.gather(write(), write(), return_exceptions=True)
        assert all(isinstance(end, StoreUnavailable) for end in ends)
        assert await look() == 0

    store._db.execute("PRAGMA foreign_keys = ON")
    store._db.executescript(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (parent REFERENCES parent)"
    )
    asyncio.run(story())
    store.close()


def test_full_disk_fails_the_transaction_and_keeps_stored_data(store: SqliteStore) -> None:
    async def write(category: str) -> None:
        async with store.transaction() as tx:
            await tx.add_entry(an_entry(category=category))

    async def story() -> int:
        await write("small")
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(StoreUnavailable, match="database or disk is full"):
            await write("large" * 100_000)
        await write("small")
        async with store.transaction() as tx:
            return len(await tx.entries(ACCOUNT))

    assert asyncio.run(story()) == 2
    store.close()


def test_cancelled_transaction_does_not_cancel_the_commit(store: SqliteStore) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    async def story() -> int:
        first, second = asyncio.create_task(write()), asyncio.create_task(write())
        await asyncio.sleep(0)
        first.cancel()
        await second
        assert first.cancelled() or first.done()
        async with store.transaction() as tx:
            return len(await tx.sessions(account=ACCOUNT, limit=99, offset=0))

    assert asyncio.run(story()) == 2
    store.close()


def test_suspended_transaction_is_committed_whole(store: SqliteStore) -> None:
    executed = trace_statements(store)

    async def story() -> None:
        async with store.transaction() as tx:
            await tx.open_account(ACCOUNT)
            for _ in range(5):
                await asyncio.sleep(0)
            assert "COMMIT" not in executed

    asyncio.run(story())
    assert executed[-2:] == ["RELEASE tx", "COMMIT"]
    assert isinstance(store._commit, GroupCommit)
    store.close()


def test_program_that_writes_to_an_owned_file_is_named_as_the_cause(store: SqliteStore, tmp_path: Path) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    with closing(sqlite3.connect(tmp_path / "store.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="is locked by another program, which may read"):
            asyncio.run(write())
    asyncio.run(write())
    store.close()


@pytest.mark.parametrize(
    ("is_replaced", "sentence"),
    [
        (True, "was replaced by another file; restart the mock to use that one"),
        (False, "is gone; restart the mock, which makes a new one"),
    ],
)
def test_loss_of_the_file_is_told_from_its_replacement(
    store: SqliteStore, tmp_path: Path, is_replaced: bool, sentence: str
) -> None:
    async def write() -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    (tmp_path / "store.db").rename(tmp_path / "elsewhere.db")
    if is_replaced:
        (tmp_path / "store.db").touch()
    with pytest.raises(StoreUnavailable, match=sentence):
        asyncio.run(write())
    store.close()
