"""The files of an open store are missed when they are deleted or replaced."""

from __future__ import annotations

import asyncio
import os
from contextlib import closing
from pathlib import Path

import pytest

from mockserver.domain.errors import StoreUnavailable
from mockserver.store.sqlite.files import file_presence
from mockserver.store.sqlite.files.file_presence import FilePresence
from mockserver.store.sqlite.store import SqliteStore
from tests.builders import a_session

BESIDE = ["-wal", "-shm", ".lock"]
ALL = ["", *BESIDE]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store's files."""
    for suffix in ALL:
        (tmp_path / f"mock.db{suffix}").touch()
    return tmp_path / "mock.db"


def of(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def put_long_ago(folder: Path) -> None:
    """Let the last change of a folder be an old one."""
    os.utime(folder, ns=(1_000_000_000, 1_000_000_000))


@pytest.mark.parametrize("suffix", ALL)
@pytest.mark.parametrize("is_old", [True, False])
def test_deleted_file_is_missed(path: Path, suffix: str, is_old: bool) -> None:
    presence = FilePresence(path)
    if is_old:
        put_long_ago(path.parent)
    assert presence.missing() is None
    of(path, suffix).unlink()
    assert presence.missing() == of(path, suffix)
    assert presence.missing() == of(path, suffix)


@pytest.mark.parametrize("suffix", ALL)
def test_replaced_file_is_missed(path: Path, suffix: str) -> None:
    presence = FilePresence(path)
    (path.parent / "other").touch()
    (path.parent / "other").replace(of(path, suffix))
    assert presence.missing() == of(path, suffix)


def test_deleted_folder_is_missed(path: Path) -> None:
    presence = FilePresence(path)
    path.parent.rename(path.parent.with_name("elsewhere"))
    assert presence.missing() == path


def test_file_that_comes_beside_the_store_is_not_minded(path: Path) -> None:
    presence = FilePresence(path)
    (path.parent / "other").touch()
    assert presence.missing() is None


def test_files_beside_the_store_are_looked_at_after_a_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presence = FilePresence(path)
    put_long_ago(path.parent)
    assert presence.missing() is None
    looked: list[Path] = []
    identity = file_presence._identity

    def watched(each: Path) -> tuple[int, int] | None:
        looked.append(each)
        return identity(each)

    monkeypatch.setattr(file_presence, "_identity", watched)
    assert presence.missing() is None
    assert looked == [path]
    (path.parent / "other").touch()
    assert presence.missing() is None
    assert looked == [path, path, *(of(path, suffix) for suffix in BESIDE)]


@pytest.mark.parametrize("suffix", BESIDE)
@pytest.mark.parametrize("is_shared", [True, False])
def test_store_without_one_of_its_files_is_unavailable(tmp_path: Path, suffix: str, is_shared: bool) -> None:
    path = tmp_path / "new.db"

    async def add(store: SqliteStore) -> None:
        async with store.transaction() as tx:
            await tx.add_session(a_session())

    with closing(SqliteStore(path, is_shared=is_shared)) as store:
        asyncio.run(add(store))
        of(path, suffix).unlink()
        with pytest.raises(StoreUnavailable, match=f"has lost {of(path, suffix)}; restart the mock"):
            asyncio.run(add(store))


def test_change_that_was_stored_outlives_the_deletion_of_the_log(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    session = a_session()

    async def add(store: SqliteStore) -> None:
        async with store.transaction() as tx:
            await tx.add_session(session)

    async def find(store: SqliteStore) -> str:
        async with store.transaction() as tx:
            return (await tx.session(session.id)).id

    with closing(SqliteStore(path)) as store:
        asyncio.run(add(store))
        of(path, "-wal").unlink()
    with closing(SqliteStore(path)) as store:
        assert asyncio.run(find(store)) == session.id
