"""Waiting for a change of the files that a contract is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

DEBOUNCE_MS: Final = 200
"""How long changes that belong together may take: editors write, rename and remove."""


async def changed(files: Iterable[Path], *, stop: asyncio.Event) -> bool:
    """Wait until one of the files has changed, come or gone; False where `stop` is set first."""
    from watchfiles import awatch

    wanted = {str(file) for file in files}
    # an editor puts a new file in the old one's place: their folders are what stays
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
