"""The source of the packages and their tests, read without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ((ROOT, "mockserver"), (ROOT / "contracts", "mockserver_contracts"))


@cache
def modules() -> tuple[tuple[str, Path], ...]:
    """The dotted name and the file of every module of both packages."""
    found = []
    for folder, package in PACKAGES:
        for path in sorted((folder / package).rglob("*.py")):
            name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
            found.append((name, path))
    return tuple(found)


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path, *, late: bool = True) -> tuple[str, ...]:
    """The names that a file imports; without `late`, only those that its own import loads."""
    return tuple(_imports(path, late=late))


def _imports(path: Path, *, late: bool) -> Iterator[str]:
    tree = parse(path)
    for node in ast.walk(tree) if late else _module_level(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, package: str) -> bool:
    """The module is the package or a part of it."""
    return name == package or name.startswith(package + ".")


def _module_level(tree: ast.Module) -> Iterator[ast.stmt]:
    for statement in tree.body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            continue
        yield statement
