"""The write-ahead log is written back beside the commits, and stays short."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mockserver.store import StoreInUse, Transaction
from mockserver.store.sqlite import checkpointer
from mockserver.store.sqlite import store as sqlite_store
from mockserver.store.sqlite.checkpointer import Checkpointer
from mockserver.store.sqlite.store import SqliteStore
from tests.builders import ACCOUNT, a_session

PAGE = 4_096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "st?re #1%41.db"


def add_sessions(store: SqliteStore, count: int) -> list[str]:
    """The ids of new sessions, each of a group of its own."""
    names = []

    async def run() -> None:
        for _ in range(count):
            session = a_session()
            async with store.transaction() as tx:
                await tx.add_session(session)
            names.append(session.id)

    asyncio.run(run())
    return names


async def count_sessions(tx: Transaction) -> int:
    return len(await tx.sessions(account=ACCOUNT, limit=100_000, offset=0))


def stored(store: SqliteStore) -> int:
    """The number of stored sessions."""

    async def run() -> int:
        async with store.transaction() as tx:
            return await count_sessions(tx)

    return asyncio.run(run())


def wait_for_rounds(store: SqliteStore) -> None:
    """Wait for the rounds that are running; a later commit may have ended them already."""
    if (thread := store._checkpointer._thread) is not None:
        thread.join(timeout=30)
        assert not thread.is_alive()


def test_log_is_written_back_and_starts_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointer.Checkpointer.__init__, "__kwdefaults__", {"log_pages": 100})
    store = SqliteStore(path)
    for _ in range(20):
        add_sessions(store, 20)
        wait_for_rounds(store)
    names = add_sessions(store, 1)
    size = os.stat(f"{path}-wal").st_size
    # 400 groups of at least three pages would have 1,200 pages
    assert size < 400 * PAGE
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as without_log:
        assert without_log.execute("SELECT count(*) FROM sessions").fetchone()[0] >= 380
    assert stored(store) == 401
    store.close()
    again = SqliteStore(path)
    assert stored(again) == 401
    assert names[0]
    again.close()


def test_log_that_a_reader_holds_up_is_reported_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(checkpointer.Checkpointer.__init__, "__kwdefaults__", {"log_pages": 100})
    monkeypatch.setattr(checkpointer, "LONG_LOG", 150)

    def reports(groups: int) -> int:
        for _ in range(groups):
            add_sessions(store, 20)
            wait_for_rounds(store)
        return sum("grows without end" in record.message for record in caplog.records)

    store = SqliteStore(path)
    assert reports(8) == 0
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sessions").fetchone()
        assert reports(12) == 1
    assert reports(8) == 1
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sessions").fetchone()
        assert reports(12) == 2
    store.close()


def test_failed_checkpoint_is_logged_and_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: Checkpointer) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(checkpointer.Checkpointer.__init__, "__kwdefaults__", {"log_pages": 10})
    monkeypatch.setattr(Checkpointer, "_sync", fail)
    store = SqliteStore(path)
    add_sessions(store, 4)
    wait_for_rounds(store)
    add_sessions(store, 4)
    assert stored(store) == 8
    store.close()
    assert "was not written back: the disk is full" in caplog.text


def test_log_that_a_reader_has_held_up_is_cut(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "LOG_LIMIT", 50 * PAGE)
    with closing(SqliteStore(path)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sessions").fetchone()
            add_sessions(store, 100)
            store._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
            add_sessions(store, 1)
            assert os.stat(f"{path}-wal").st_size > 100 * PAGE
        store._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        add_sessions(store, 1)
        assert os.stat(f"{path}-wal").st_size == 50 * PAGE


def test_checkpoint_does_not_make_a_file_anew_that_is_gone(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SqliteStore(path)
    add_sessions(store, 1)
    path.unlink()
    store._checkpointer._copy_in_rounds()
    assert not path.exists()
    assert "was not written back" in caplog.text
    store.close()


def test_second_server_is_refused_and_the_first_goes_on(path: Path) -> None:
    store = SqliteStore(path)
    for _ in range(2):
        with pytest.raises(StoreInUse, match="in use by another server"):
            SqliteStore(path)
    add_sessions(store, 1)
    store.close()
    SqliteStore(path).close()
