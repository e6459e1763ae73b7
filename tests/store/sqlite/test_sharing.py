"""Several processes on one file: turns of writing, the log, and what they tell each other."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from mockserver.domain.errors import StoreUnavailable
from mockserver.store import StoreInUse, StoreUnusable, inspect_store, open_store
from mockserver.store.patience import patience
from mockserver.store.sqlite import checkpointer
from mockserver.store.sqlite.sharing import statements, write_turn
from mockserver.store.sqlite.store import SqliteStore
from tests.builders import a_session
from tests.store.peers import Hearer, serving, until

PAGE = 4_096
# It opens a file when it is told to, prints the secret, and waits for its end.
OPENER = """
import sys
from pathlib import Path
from mockserver.store.sqlite.store import SqliteStore
print("ready", flush=True)
sys.stdin.readline()
store = SqliteStore(Path(sys.argv[1]), is_shared=True)
print(store.secret.hex(), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "st?re #1%41.db"


def address_of(path: Path) -> str:
    return f"sqlite:///{path}?shared=true"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path, is_shared=True)) as opened:
        yield opened


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Another process that writes, until the block ends."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        other.execute("ROLLBACK")


async def add_session(store: SqliteStore) -> str:
    session = a_session()
    async with store.transaction() as tx:
        await tx.add_session(session)
    return session.id


@pytest.mark.parametrize("is_first_shared", [True, False])
def test_file_is_shared_by_all_or_owned_by_one(path: Path, is_first_shared: bool) -> None:
    with (
        closing(SqliteStore(path, is_shared=is_first_shared)),
        pytest.raises(StoreInUse, match="is in use by another server"),
    ):
        SqliteStore(path, is_shared=not is_first_shared)
    SqliteStore(path, is_shared=not is_first_shared).close()


@pytest.mark.parametrize("is_shared", [True, False])
def test_symbolic_link_has_the_lock_of_its_file(path: Path, is_shared: bool) -> None:
    link = path.parent / "link.db"
    link.symlink_to(path)
    with closing(SqliteStore(path, is_shared=is_shared)):
        with pytest.raises(StoreInUse, match="is in use by another server"):
            SqliteStore(link)
        with pytest.raises(StoreInUse, match="is in use by a running server"):
            inspect_store(f"sqlite:///{link}")
    SqliteStore(link).close()


@pytest.mark.parametrize("is_shared", [True, False])
def test_file_with_several_names_is_refused(path: Path, is_shared: bool) -> None:
    link = path.parent / "link.db"
    with closing(SqliteStore(path, is_shared=is_shared)):
        link.hardlink_to(path)
        for address in (link, path):
            with pytest.raises(StoreUnusable, match=r"its file has 2 names \(hard links\)"):
                SqliteStore(address, is_shared=is_shared)
            with pytest.raises(StoreUnusable, match="remove the other names, or serve a copy"):
                inspect_store(f"sqlite:///{address}")
    link.unlink()
    SqliteStore(path, is_shared=is_shared).close()


def test_processes_that_open_a_new_file_at_once_have_one_secret(path: Path) -> None:
    with ExitStack() as stack:
        command = [sys.executable, "-c", OPENER, str(path)]
        openers = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(6)
        ]
        ready = [opener.stdout.readline() for opener in openers if opener.stdout is not None]
        assert ready == ["ready\n"] * 6
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.write("\n")
            opener.stdin.flush()
        secrets = {opener.stdout.readline() for opener in openers if opener.stdout is not None}
        assert len(secrets) == 1
        assert len(secrets.pop().strip()) == 64


def test_all_that_wait_for_a_turn_share_its_commit(path: Path, store: SqliteStore) -> None:
    executed: list[str] = []

    async def story() -> None:
        with writing(path):
            store._db.set_trace_callback(executed.append)
            waiting = [asyncio.create_task(add_session(store)) for _ in range(20)]
            await until(lambda: executed.count("BEGIN IMMEDIATE") > 2)
            assert "COMMIT" not in executed
        await asyncio.gather(*waiting)

    asyncio.run(story())
    assert executed.count("COMMIT") == 1


def test_cancelled_wait_for_a_turn_ends_no_other(path: Path, store: SqliteStore) -> None:
    async def story() -> list[str]:
        with writing(path):
            cancelled, other = [asyncio.create_task(add_session(store)) for _ in range(2)]
            await until(lambda: store._commit._turn.is_awaited)
            cancelled.cancel()
        name = await other
        assert cancelled.cancelled()
        async with store.transaction() as tx:
            assert [each.id for each in await tx.sessions(account=None, limit=9, offset=0)] == [name]
        return [name]

    asyncio.run(story())


def test_transaction_that_comes_while_others_wait_waits_too(path: Path, store: SqliteStore) -> None:
    async def story() -> None:
        with writing(path):
            first = asyncio.create_task(add_session(store))
            await until(lambda: store._commit._turn.is_awaited)
        async with store.transaction():
            await until(lambda: not store._commit._turn.is_awaited)
        await first

    asyncio.run(story())


def test_process_that_writes_for_long_is_reported(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_turn, "PATIENCE_SECONDS", 0.05)

    async def story() -> None:
        with writing(path):
            refused = await asyncio.gather(*(add_session(store) for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in refused] == [StoreUnavailable] * 3
        assert "is being written by another process for seconds" in str(refused[0])
        await add_session(store)

    asyncio.run(story())


def test_wait_after_one_in_vain_is_short_until_a_turn_comes(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_turn, "PATIENCE_SECONDS", 0.05)

    async def story() -> None:
        loop = asyncio.get_running_loop()
        with writing(path):
            with pytest.raises(StoreUnavailable):
                await add_session(store)
            monkeypatch.setattr(write_turn, "PATIENCE_SECONDS", 30.0)
            begun = loop.time()
            with pytest.raises(StoreUnavailable):
                await add_session(store)
            assert loop.time() - begun < 5
        await add_session(store)
        with writing(path):
            waiting = asyncio.create_task(add_session(store))
            await until(lambda: store._commit._turn.is_awaited)
            assert store._commit._turn._deadline > loop.time() + 5
        await waiting

    asyncio.run(story())


def test_request_waits_no_longer_than_its_patience(path: Path, store: SqliteStore) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        with writing(path):
            other = asyncio.create_task(add_session(store))
            await until(lambda: store._commit._turn.is_awaited)
            begun = loop.time()
            with patience(0.2), pytest.raises(StoreUnavailable, match="is being written by another process"):
                await add_session(store)
            assert loop.time() - begun < 2
        await other

    asyncio.run(story())


def test_session_waits_for_the_turn_of_another_process(path: Path, store: SqliteStore) -> None:
    async def story() -> None:
        for _ in range(3):
            known = await store.create_session("acct_0123456789ab", lambda *_: a_session())
        with writing(path):
            waiting = asyncio.create_task(store.create_session(known.account, lambda *_: a_session()))
            await until(lambda: store._commit._turn.is_awaited)
        await waiting

    asyncio.run(story())


def test_log_of_a_shared_file_starts_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointer.Checkpointer.__init__, "__kwdefaults__", {"log_pages": 100})

    async def story(stores: list[SqliteStore]) -> None:
        for _ in range(200):
            await asyncio.gather(*(add_session(store) for store in stores))
            for store in stores:
                if (thread := store._checkpointer._thread) is not None:
                    thread.join(30)

    with ExitStack() as stack:
        stores = [stack.enter_context(closing(SqliteStore(path, is_shared=True))) for _ in range(2)]
        asyncio.run(story(stores))
        # 400 groups of at least three pages would have 1,200 pages
        assert os.stat(f"{path}-wal").st_size < 500 * PAGE


def test_last_step_of_a_checkpoint_waits_for_another_process(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointer.Checkpointer.__init__, "__kwdefaults__", {"log_pages": 1})
    with closing(SqliteStore(path, is_shared=True)) as store:
        asyncio.run(add_session(store))
        thread = store._checkpointer._thread
        assert thread is not None
        thread.join(30)
        with writing(path):
            store._checkpointer.count_commit()
            assert store._checkpointer._thread is thread
        store._checkpointer.count_commit()
        assert store._checkpointer._thread is None


class Listener(Hearer):
    """A server that notes what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def take_message(self, message: str) -> None:
        self.heard.append(message)

    def take_gap(self) -> None:
        self.heard.append("gap")


def test_messages_reach_the_other_process_in_order(path: Path, store: SqliteStore) -> None:
    own, other = Listener(), Listener()

    async def story() -> None:
        async with serving(address_of(path)) as second:
            assert store.peers is not None
            assert second.peers is not None
            await second.peers.stop()
            await store.peers.start(own)
            await second.peers.start(other)
            for number in range(3):
                await store.peers.send([f"{number} a", f"{number} b"])
            await second.peers.send(["last"])
            await until(lambda: bool(own.heard))
            await until(lambda: len(other.heard) == 6)
            await store.peers.stop()

    asyncio.run(story())
    assert own.heard == ["last"]
    assert other.heard == ["0 a", "0 b", "1 a", "1 b", "2 a", "2 b"]


def test_process_that_is_far_behind_learns_of_a_gap(
    path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST_MESSAGES", 2)
    listener = Listener()

    async def story() -> None:
        async with serving(address_of(path)) as second:
            assert store.peers is not None
            assert second.peers is not None
            await store.peers.start(listener)
            await second.peers.send(["1", "2", "3", "4"])
            await until(lambda: len(listener.heard) == 3)
            await store.peers.stop()

    asyncio.run(story())
    assert listener.heard == ["gap", "3", "4"]


def test_store_that_cannot_be_read_leaves_the_faults_unknown(store: SqliteStore) -> None:
    assert store.peers is not None
    assert store.peers.fault_generation is not None
    store._db.close()
    assert store.peers.fault_generation is None


def test_address_of_a_shared_file_names_the_same_file(path: Path) -> None:
    open_store(address_of(path)).close()
    assert path.exists()
