"""Watching the input files of a contract, the links that lead to them, and files that are missing so far."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from pathlib import Path
from typing import Final

from watchdog.events import EVENT_TYPE_CLOSED_NO_WRITE, EVENT_TYPE_OPENED, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

DEBOUNCE_SECONDS: Final = 0.2
"""The time in which several changes count as one: an editor writes, renames and removes files."""
MAX_LINKS: Final = 40
"""The number of links on the way to one file."""
_READING: Final = frozenset({EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE})


async def wait_for_change(files: Iterable[Path], *, stop: asyncio.Event) -> bool:
    """Wait until a file is changed, added or removed, or a link to it; False if `stop` is set first."""
    wanted = {str(place) for file in files for place in places_of(file)}
    handler = _Changes(wanted)
    # an editor replaces a file by a new one, so the folders are watched; behind a link it is another folder's file
    folders = {os.path.dirname(place) for place in wanted}
    folders = {folder for folder in folders if os.path.isdir(folder) and os.path.realpath(folder) == folder}
    observer = _start_observer(folders, handler)
    try:
        return await _first_true(handler.changed, stop) and await handler.settled()
    finally:
        observer.stop()
        await asyncio.to_thread(observer.join)


class _Changes(FileSystemEventHandler):
    """Notes the changes of files, which an observer tells from its thread."""

    def __init__(self, wanted: Set[str]) -> None:
        self._wanted = wanted
        self._loop = asyncio.get_running_loop()
        self.changed = asyncio.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change of a wanted file."""
        if event.event_type not in _READING and not self._wanted.isdisjoint((event.src_path, event.dest_path)):
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self.changed.set)

    async def settled(self) -> bool:
        """Wait until nothing changes any more."""
        while self.changed.is_set():
            self.changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), DEBOUNCE_SECONDS)
        return True


def _start_observer(folders: Iterable[str], handler: FileSystemEventHandler) -> BaseObserver:
    """Watch folders by the means of the system; where it has no more watches to give, by a look each second."""
    observer: BaseObserver = Observer()
    try:
        return _start(observer, folders, handler)
    except OSError:
        observer.stop()
        return _start(PollingObserver(), folders, handler)


def _start(observer: BaseObserver, folders: Iterable[str], handler: FileSystemEventHandler) -> BaseObserver:
    observer.start()
    for folder in folders:
        with suppress(FileNotFoundError):  # it was removed meanwhile
            observer.schedule(handler, folder)
    return observer


async def _first_true(event: asyncio.Event, other: asyncio.Event) -> bool:
    """Wait for either; True if it was the first one."""
    waits = [asyncio.ensure_future(each.wait()) for each in (event, other)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
    return event.is_set() and not other.is_set()


def places_of(file: Path) -> Iterator[Path]:
    """The file, each link on the way to it, and the file that the links lead to; of a missing folder, its place."""
    path = Path(os.path.normpath(file))
    yield path
    for _ in range(MAX_LINKS):
        if (link := _first_link(path)) is None:
            break
        yield link
        target = os.path.normpath(link.parent / os.readlink(link))
        path = Path(target) / path.relative_to(link)
    yield path
    while not path.parent.is_dir() and path.parent != path:
        path = path.parent
        yield path


def _first_link(path: Path) -> Path | None:
    """The outermost link of a path; None if it has none."""
    for each in (*reversed(path.parents), path):
        if each.is_symlink():
            return each
    return None
