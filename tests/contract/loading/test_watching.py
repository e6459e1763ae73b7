"""The places that are watched for one file, and the changes that are noticed."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest
from watchdog.events import (
    FileClosedNoWriteEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from mockserver.contract.loading import watching
from mockserver.contract.loading.watching import places_of, wait_for_change


def test_places_are_the_file_the_links_and_the_target(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    (folder / "v1").mkdir()
    (folder / "v1" / "a.yaml").write_text("", "utf-8")
    (folder / "data").symlink_to("v1")
    (folder / "a.yaml").symlink_to("data/a.yaml")
    places = list(places_of(folder / "a.yaml"))
    assert set(places) == {folder / "a.yaml", folder / "data", folder / "v1" / "a.yaml"}


def test_places_of_a_missing_folder_reach_its_parent(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    assert set(places_of(folder / "b" / "c" / "a.yaml")) == {
        *(folder / "b" / "c" / "a.yaml", folder / "b" / "c", folder / "b")
    }


def test_circle_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert tmp_path / "a" in set(places_of(tmp_path / "a"))


class NoWatches(PollingObserver):
    """The observer of a system that has given all its watches away."""

    def schedule(self, *_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")


def test_change_is_noticed_where_the_system_has_no_watches_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path.resolve() / "a.yaml"
    started: list[BaseObserver] = []
    start = watching._start_observer

    def noted(folders: Iterable[str], handler: FileSystemEventHandler) -> BaseObserver:
        started.append(start(folders, handler))
        return started[0]

    async def story() -> bool:
        waiting = asyncio.create_task(wait_for_change([file], stop=asyncio.Event()))
        async with asyncio.timeout(20):
            while not started:
                await asyncio.sleep(0)
            file.write_text("new", "utf-8")
            return await waiting

    monkeypatch.setattr(watching, "Observer", NoWatches)
    monkeypatch.setattr(watching, "PollingObserver", partial(PollingObserver, timeout=0.02))
    monkeypatch.setattr(watching, "_start_observer", noted)
    assert asyncio.run(story())
    assert not started[0].is_alive()


def test_reading_a_file_does_not_count_as_a_change(tmp_path: Path) -> None:
    file, other = str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")

    async def counts(event: FileSystemEvent) -> bool:
        changes = watching._Changes({file})
        changes.on_any_event(event)
        await asyncio.sleep(0)
        return changes.changed.is_set()

    def all_count(*events: FileSystemEvent) -> list[bool]:
        return [asyncio.run(counts(event)) for event in events]

    assert all_count(FileOpenedEvent(file), FileClosedNoWriteEvent(file), FileModifiedEvent(other)) == [False] * 3
    assert all_count(FileModifiedEvent(file), FileDeletedEvent(file), FileMovedEvent(other, file)) == [True] * 3
