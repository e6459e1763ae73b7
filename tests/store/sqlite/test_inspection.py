"""A look at a SQLite store finds what an opening would, and leaves the folder as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from mockserver.store import StoreError, StoreInUse, StoreTooNew, StoreUnusable, inspect_store, open_store
from mockserver.store.sqlite.files import file_lock
from mockserver.store.sqlite.schema import MIGRATIONS

DiskUsage = namedtuple("DiskUsage", "total used free")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The path of a store in a folder of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "mock.db"


def look(file: Path) -> str:
    """The sentence of a look, after which every file has its bytes, its time and its name."""
    before = _state(file.parent)
    try:
        return inspect_store(f"sqlite:///{file}")
    finally:
        assert _state(file.parent) == before


def _state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*") if path.is_file()}


def create(file: Path) -> None:
    open_store(f"sqlite:///{file}").close()


def test_missing_file_is_created_at_the_first_start_alone(file: Path) -> None:
    assert look(file) == f"the store {file} is created at the first start"
    assert look(file.parent / "a" / "b" / "mock.db").endswith("is created at the first start")
    assert list(file.parent.iterdir()) == []


def test_existing_store_is_shown_with_its_version(file: Path) -> None:
    create(file)
    assert look(file) == f"the store {file} can be used; its version is {len(MIGRATIONS)}"


def test_empty_file_is_an_empty_store(file: Path) -> None:
    file.touch()
    assert look(file).endswith("its version is 0")
    create(file)


def test_open_store_is_in_use(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(StoreInUse, match="in use by a running server"):
        inspect_store(f"sqlite:///{file}")
    store.close()
    assert "can be used" in look(file)


def test_shared_store_is_in_use_for_a_server_that_wants_it_alone(file: Path) -> None:
    shared = f"sqlite:///{file}?shared=true"
    with closing(open_store(shared)):
        assert "can be used" in inspect_store(shared)
        with pytest.raises(StoreInUse, match="in use by a running server"):
            inspect_store(f"sqlite:///{file}")
        with closing(open_store(shared)):
            pass
    with closing(open_store(f"sqlite:///{file}")), pytest.raises(StoreInUse):
        inspect_store(shared)
    assert "can be used" in look(file)


def test_look_leaves_an_open_store_locked(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    for _ in range(2):
        with pytest.raises(StoreInUse):
            inspect_store(f"sqlite:///{file}")
    with pytest.raises(StoreInUse):
        open_store(f"sqlite:///{file}")
    store.close()


def test_look_and_opening_refuse_a_newer_store_with_the_same_sentence(file: Path) -> None:
    create(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreTooNew, match="has version 99") as looked:
        look(file)
    with pytest.raises(StoreTooNew) as opened:
        create(file)
    assert str(looked.value) == str(opened.value)


def test_look_and_opening_refuse_another_program_s_file_with_the_same_sentence(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("CREATE TABLE notes (text TEXT)")
    db.close()
    with pytest.raises(StoreUnusable, match="another program") as looked:
        look(file)
    with pytest.raises(StoreUnusable) as opened:
        create(file)
    assert str(looked.value) == str(opened.value)


@pytest.mark.parametrize("content", [b"my notes", b"my notes" * 100, b"SQLite format 3\0"])
def test_file_of_another_kind_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(StoreUnusable, match="it is no SQLite file"):
        look(file)


def refused_alike(file: Path) -> str:
    """The sentence with which a look and an opening refuse a file. Neither leaves a file."""
    with pytest.raises(StoreUnusable) as looked:
        look(file)
    before = sorted(file.parent.parent.rglob("*"))
    with pytest.raises(StoreUnusable) as opened:
        create(file)
    assert sorted(file.parent.parent.rglob("*")) == before
    assert str(looked.value) == str(opened.value)
    return str(looked.value)


def test_folder_in_place_of_the_file_is_refused(file: Path) -> None:
    file.mkdir()
    assert refused_alike(file).endswith("cannot be opened: it is no file")


def test_device_in_place_of_the_file_is_refused(file: Path) -> None:
    file.symlink_to("/dev/null")
    assert refused_alike(file).endswith("cannot be opened: it is no file")


def test_file_in_place_of_the_folder_is_refused(file: Path) -> None:
    file.write_text("")
    assert refused_alike(file / "x.db").endswith(f"cannot be opened: {file} is no folder")


def test_link_to_itself_is_refused(file: Path) -> None:
    file.symlink_to(file)
    assert refused_alike(file).endswith("cannot be opened: it is a symbolic link to itself")


def test_link_to_a_missing_folder_is_refused(file: Path) -> None:
    target = file.parent / "gone" / "mock.db"
    file.symlink_to(target)
    assert refused_alike(file).endswith(f"it is a symbolic link to {target}, whose folder does not exist")


def test_link_to_a_missing_file_is_a_new_store(file: Path) -> None:
    file.symlink_to(file.parent / "target.db")
    assert look(file).endswith("is created at the first start")
    create(file)
    assert "can be used" in look(file)


def test_file_with_a_version_of_another_program_is_refused(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 3")
    with pytest.raises(StoreUnusable, match="a SQLite file of another program"):
        look(file)
    with pytest.raises(StoreUnusable, match="a SQLite file of another program"):
        create(file)


def test_file_whose_end_is_missing_is_damaged(file: Path) -> None:
    create(file)
    os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(StoreUnusable, match="the file is damaged, its end is missing"):
        look(file)
    with pytest.raises(StoreUnusable, match="malformed"):
        create(file)


def test_folder_that_cannot_be_written_is_named_at_the_start(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    # a superuser may write everything, so the permission is taken away here
    monkeypatch.setattr(file_lock, "_connect", refuse)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StoreUnusable, match=f"cannot be opened: its folder {file.parent} cannot be written"):
        create(file)


@pytest.mark.parametrize("name", ["mock.db", "mock.db.lock", "data"])
def test_unwritable_part_is_named(file: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    create(file)
    part = file.parent if name == "data" else file.parent / name
    # a superuser may write everything, so the permission is taken away here
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != part)
    with pytest.raises(StoreUnusable, match=f"{part} cannot be written"):
        look(file)


def test_new_store_in_an_unwritable_folder_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StoreUnusable, match=f"{file.parent} cannot be written"):
        look(file)


def test_full_disk_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: DiskUsage(10**9, 10**9, 0))
    with pytest.raises(StoreUnusable, match="the disk is full"):
        look(file)


def test_damaged_lock_file_is_no_lock(file: Path) -> None:
    create(file)
    Path(f"{file}.lock").write_bytes(b"not a database" * 100)
    assert "can be used" in look(file)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mysql://user:secret@db/x", "mysql://user:***@db/x"),
        ("mysql://user:sec@ret@db/x", "mysql://user:***@db/x"),
        ("mysql://db/x?user=a&password=secret&y=1", "mysql://db/x?user=a&password=***&y=1"),
    ],
)
def test_password_of_an_unknown_store_is_not_shown(address: str, shown: str) -> None:
    for use in (open_store, inspect_store):
        with pytest.raises(StoreError) as refused:
            use(address)
        assert str(refused.value).startswith(f"unknown store '{shown}'; give memory or ")
