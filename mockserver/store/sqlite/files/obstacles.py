"""The reasons why a path can be no store, in words: SQLite says "unable to open database file" to all of them."""

from __future__ import annotations

import os
from pathlib import Path


def obstacle(path: Path) -> str | None:
    """The reason why no server can have a file there, before anything is made; None without one."""
    real = Path(os.path.realpath(path))
    if real.is_symlink():
        return "it is a symbolic link to itself"
    if path.is_symlink() and not real.parent.is_dir():
        return f"it is a symbolic link to {real}, whose folder does not exist"
    if real.exists() and not real.is_file():
        return "it is no file"
    above = next(folder for folder in real.parents if folder.exists())
    return None if above.is_dir() else f"{above} is no folder"


def unwritable_folder(path: Path) -> str | None:
    """The reason why nothing can be made beside a file; None without one."""
    folder = Path(os.path.realpath(path)).parent
    return None if os.access(folder, os.W_OK) else f"its folder {folder} cannot be written"
