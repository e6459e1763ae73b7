"""Watching the input files of a contract."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

DEBOUNCE_MS: Final = 200
"""The time in which several changes count as one: an editor writes, renames and removes files."""


async def wait_for_change(files: Iterable[Path], *, stop: asyncio.Event) -> bool:
    """Wait until a file is changed, added or removed; False if `stop` is set first."""
    from watchfiles import awatch

    wanted = {str(file) for file in files}
    # an editor replaces a file by a new one, so the folders are watched
    folders = {str(Path(file).parent) for file in wanted}
    async for _ in awatch(
        *sorted(folder for folder in folders if Path(folder).is_dir()),
        watch_filter=lambda _, path: path in wanted,
        debounce=DEBOUNCE_MS,
        stop_event=stop,
        recursive=False,
    ):
        return True
    return False
