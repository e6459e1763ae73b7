"""The user's folders for data and for caches.

Rule 1: they are those of the XDG Base Directory Specification, and on macOS those of the system unless XDG's are set.
Rule 2: a relative path in a variable of XDG is ignored, as the specification asks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_NAME: Final = "videodb-mockserver"


def data_folder() -> Path:
    """The folder of what must not be lost, which may be missing yet."""
    return _folder("XDG_DATA_HOME", ".local/share", macos="Library/Application Support")


def cache_folder() -> Path:
    """The folder of what can be made again, which may be missing yet."""
    return _folder("XDG_CACHE_HOME", ".cache", macos="Library/Caches")


def _folder(variable: str, usual: str, *, macos: str) -> Path:
    given = os.environ.get(variable, "")
    if os.path.isabs(given):
        return Path(given, _NAME)
    return Path(os.path.expanduser("~"), macos if sys.platform == "darwin" else usual, _NAME)
