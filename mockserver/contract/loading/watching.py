"""Watching the input files of a contract, the links that lead to them, and files that are missing so far."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

DEBOUNCE_MS: Final = 200
"""The time in which several changes count as one: an editor writes, renames and removes files."""
MAX_LINKS: Final = 40
"""The number of links on the way to one file."""


async def wait_for_change(files: Iterable[Path], *, stop: asyncio.Event) -> bool:
    """Wait until a file is changed, added or removed, or a link to it; False if `stop` is set first."""
    from watchfiles import awatch

    wanted = {str(place) for file in files for place in places_of(file)}
    # an editor replaces a file by a new one, so the folders are watched
    folders = {os.path.dirname(place) for place in wanted}
    async for _ in awatch(
        *sorted(folder for folder in folders if os.path.isdir(folder)),
        watch_filter=lambda _, path: path in wanted,
        debounce=DEBOUNCE_MS,
        stop_event=stop,
        recursive=False,
    ):
        return True
    return False


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
