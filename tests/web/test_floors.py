"""The floors inside the web layer: imports between rooms point down, and no import is circular."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = "mockserver.web"
FLOORS: Final = (
    ("http",),
    ("middleware", "exchange", "shapes"),
    ("api", "pages"),
    ("control",),
)
"""From the ground up; rooms of the same floor do not import each other."""
MOST_FILES: Final = 15


def modules() -> dict[str, Path]:
    folder = ROOT / PACKAGE.replace(".", "/")
    paths = sorted(path for path in folder.rglob("*.py") if path.name != "__init__.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def imported_modules(path: Path) -> Iterator[str]:
    """The modules of the package that a file imports, those for type checks and lazy ones too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{PACKAGE}."):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith(f"{PACKAGE}."))


def room_of(module: str) -> str:
    return module.removeprefix(f"{PACKAGE}.").partition(".")[0]


def floor_of(room: str) -> int:
    return next(height for height, rooms in enumerate(FLOORS) if room in rooms)


def test_every_module_is_in_a_room() -> None:
    rooms = {room for floor in FLOORS for room in floor}
    assert {room_of(module) for module in modules()} == rooms
    assert all(module.count(".") == PACKAGE.count(".") + 2 for module in modules())


@pytest.mark.parametrize("module", modules())
def test_import_between_rooms_points_down(module: str) -> None:
    room = room_of(module)
    for imported in imported_modules(modules()[module]):
        other = room_of(imported)
        assert other == room or floor_of(other) < floor_of(room), f"{module} imports {imported}, which is not below it"


def test_modules_have_no_circular_import() -> None:
    graph = {module: set(imported_modules(path)) for module, path in modules().items()}
    assert set(TopologicalSorter(graph).static_order()) == set(graph)


@pytest.mark.parametrize("room", [room for floor in FLOORS for room in floor])
def test_room_has_at_most_fifteen_files(room: str) -> None:
    files = [module for module in modules() if room_of(module) == room]
    assert len(files) <= MOST_FILES, files
