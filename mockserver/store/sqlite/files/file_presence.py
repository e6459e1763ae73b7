"""The files of a store while it is open: the file, its log with the index of the log, and its lock.

Rule 1: SQLite goes on writing into files that nobody finds any more. Another process makes new ones: then there are two
        states, and two that own one file.
Rule 2: the file itself is looked at each time. The others are looked at when something in their folder has changed, and
        for a while afterwards: the time of a change has a coarse unit.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

_SUFFIXES: Final = ("-wal", "-shm", ".lock")
"""What SQLite and the lock append to the name of the file."""
_UNIT_NS: Final = 2_000_000_000
"""The coarsest unit of the times of a file system, in nanoseconds."""


class FilePresence:
    """Notices that a file of an open store is deleted or replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        real = Path(os.path.realpath(path))
        self._folder = real.parent
        self._identity = _identity(path)
        self._beside = {each: _identity(each) for each in (Path(f"{real}{suffix}") for suffix in _SUFFIXES)}
        self._unchanged_since = -1

    def missing(self) -> Path | None:
        """The file that is gone, or is another one; None if all are there."""
        if _identity(self._path) != self._identity:
            return self._path
        changed = _changed_ns(self._folder)
        if changed == self._unchanged_since:
            return None
        for path, identity in self._beside.items():
            if _identity(path) != identity:
                return path
        if time.time_ns() - changed > _UNIT_NS:
            self._unchanged_since = changed
        return None


def _identity(path: Path) -> tuple[int, int] | None:
    """The device and the number of a file; None if it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _changed_ns(folder: Path) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0
