"""New sessions share round trips."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from mockserver.store import Store, open_store
from mockserver.store.key_hints import KeyHints
from mockserver.store.postgres.connection.link import Statement
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.sessions import batches
from mockserver.store.postgres.sessions.rows import NumberedSession, insertion
from tests.builders import ACCOUNT
from tests.store.conformance.contents import numbered_session
from tests.store.peers import Hearer, serving
from tests.store.postgres_server import postgres_address


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sessions of each batch from now on."""
    seen: list[int] = []

    def counted(keys: LockKeys, sessions: Sequence[NumberedSession], version: int, key_hints: KeyHints) -> Statement:
        seen.append(len(sessions))
        return insertion(keys, sessions, version, key_hints)

    monkeypatch.setattr(batches, "insertion", counted)
    return seen


async def create_one_a_turn(store: Store, count: int) -> None:
    """Ask for a session in each turn of the event loop, when the clocks are known."""
    await store.create_session(ACCOUNT, numbered_session)
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(store.create_session(ACCOUNT, numbered_session))
            await asyncio.sleep(0)


def test_sessions_of_successive_turns_share_a_batch(tmp_path: Path, sizes: list[int]) -> None:
    with closing(open_store(postgres_address(tmp_path))) as store:
        asyncio.run(create_one_a_turn(store, 30))
    assert sizes[-1] == 30


def test_batch_that_grows_in_each_turn_is_stored_when_large(
    tmp_path: Path, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST", 10)
    with closing(open_store(postgres_address(tmp_path))) as store:
        asyncio.run(create_one_a_turn(store, 30))
    assert sizes[-3:] == [10, 10, 10]


class Waiting(Hearer):
    """A server that notes its waits for the store."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def use_wait(self) -> None:
        self.events.append("wait")


def test_server_may_work_while_its_sessions_are_stored(tmp_path: Path) -> None:
    hearer = Waiting()

    async def story() -> None:
        async with serving(postgres_address(tmp_path), hearer) as store:
            await store.create_session(ACCOUNT, numbered_session)
            hearer.events.append("stored")

    asyncio.run(story())
    assert hearer.events == ["wait", "stored"]
