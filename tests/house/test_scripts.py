"""The floors of the dashboard's scripts: an import points down, or to a script beside it."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from pathlib import Path
from typing import Final

from tests.house.test_floors import MAX_LOOSE_FILES

ROOT: Final = Path(__file__).parents[2] / "mockserver/web/assets/dashboard"
FLOORS: Final = (("base",), ("network", "code"), ("lists", "dialogs"), ("panels", "guidance"), ("",))
"""The folders, the lowest first; the root has the first script of the page."""
SCRIPTS: Final = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.rglob("*.js")}
_IMPORT: Final = re.compile(r'(?:from|import\() *"(\.[^"]+)"')


def test_script_imports_none_of_a_higher_floor() -> None:
    heights = {folder: height for height, folders in enumerate(FLOORS) for folder in folders}
    upward = []
    for name, text in SCRIPTS.items():
        here = posixpath.dirname(name)
        for imported in _IMPORT.findall(text):
            target = posixpath.normpath(posixpath.join(here, imported))
            assert target in SCRIPTS, f"{name} imports {imported}"
            there = posixpath.dirname(target)
            if there != here and heights[there] >= heights[here]:
                upward.append(f"{name} imports {target}")
    assert upward == []


def test_folder_of_files_for_browsers_has_a_limited_number_of_them() -> None:
    counts = Counter(path.parent for path in ROOT.parent.rglob("*.*") if path.is_file())
    assert {folder.name: count for folder, count in counts.items() if count > MAX_LOOSE_FILES} == {}
