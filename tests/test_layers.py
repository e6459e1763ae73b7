"""The floors of the house: an import points down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FLOORS = (
    ("mockserver.domain", "mockserver.contract", "mockserver._version"),
    ("mockserver.settings", "mockserver.store", "mockserver.journal"),
    ("mockserver.billing",),
    ("mockserver.web",),
    ("mockserver.app",),
    ("mockserver.server",),
    ("mockserver.pytest_plugin", "contracts"),
    ("mockserver.cli",),
)
"""From the ground up; a module may import from its own package and from floors below."""

ONLY_THERE = {
    "starlette": ("mockserver.web", "mockserver.app", "mockserver.server", "contracts.target"),
    "uvicorn": ("mockserver.server",),
    "sqlite3": ("mockserver.store",),
    "openapi_core": ("mockserver.contract.validator", "mockserver.contract.document"),
    "oas_patch": ("mockserver.contract.overlay", "mockserver.contract.document"),
    "schemathesis": ("contracts.corpus.generation", "contracts.conformance", "mockserver.contract.sample.last_resort"),
    "werkzeug": ("mockserver.contract.form",),
    "ruamel": ("contracts.round_trip",),
    "jinja2": ("mockserver.web.pages.templating", "contracts.reports.html_report"),
    "rich": ("contracts.reports.console", "contracts.reports.progress", "contracts.reports.tables"),
}
"""Libraries that are spoken to in few places."""


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("mockserver", "contracts"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, path


def imports(path: Path, *, late: bool = True) -> Iterator[str]:
    """What a file imports; without `late`, only what it imports when it is itself imported."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree) if late else module_level(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_level(tree: ast.Module) -> Iterator[ast.stmt]:
    for statement in tree.body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            continue
        yield statement


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def floor_of(name: str) -> tuple[int, str] | None:
    for height, packages in enumerate(FLOORS):
        for package in packages:
            if within(name, package):
                return height, package
    return None


@pytest.mark.parametrize(("name", "path"), list(modules()))
def test_an_import_points_down(name: str, path: Path) -> None:
    here = floor_of(name)
    if here is None:
        assert name in ("mockserver", "mockserver.__main__"), f"{name} stands on no floor"
        return
    for imported in imports(path):
        there = floor_of(imported)
        if there is None or there[1] == here[1]:
            continue
        # the settings are made of the domain's values, and serve reaches the harness lazily
        assert there[0] < here[0], f"{name} imports {imported}, which is not below it"


@pytest.mark.parametrize(("library", "places"), list(ONLY_THERE.items()))
def test_a_library_is_spoken_to_where_it_belongs(library: str, places: tuple[str, ...]) -> None:
    strangers = [
        name
        for name, path in modules()
        if any(within(imported, library) for imported in imports(path)) and not any(within(name, p) for p in places)
    ]
    assert strangers == []


def test_the_harness_sees_the_mock_as_a_target_only() -> None:
    allowed = ("mockserver.contract", "mockserver.domain.duration", "mockserver._version")
    for name, path in modules():
        if not within(name, "contracts") or name == "contracts.target":
            continue
        for imported in imports(path):
            if within(imported, "mockserver"):
                assert any(within(imported, package) for package in allowed), f"{name} imports {imported}"


def test_the_mock_reaches_the_harness_from_its_command_line_alone_and_late() -> None:
    for name, path in modules():
        early = [imported for imported in imports(path, late=False) if within(imported, "contracts")]
        assert within(name, "contracts") or early == [], f"{name} imports {early} when it is imported"
        late = [imported for imported in imports(path) if within(imported, "contracts")]
        assert within(name, "contracts") or within(name, "mockserver.cli") or late == [], f"{name} imports {late}"


def test_the_way_to_the_first_answer_loads_nothing_heavy() -> None:
    """What serving imports when it is imported, all the way down, has none of the heavy libraries."""
    heavy = (
        "openapi_core",
        "werkzeug",
        "oas_patch",
        "schemathesis",
        "jinja2",
        "yaml",
        "httpx",
        "sqlite3",
        "platformdirs",
    )
    paths = dict(modules())
    seen: set[str] = set()
    waiting = ["mockserver.server", "mockserver.cli.serve"]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in paths:
            continue
        seen.add(name)
        for imported in imports(paths[name], late=False):
            assert not any(within(imported, library) for library in heavy), f"{name} imports {imported}"
            waiting.append(imported)
            waiting.append(imported.rpartition(".")[0])
    assert "mockserver.web.exchange.pipeline" in seen
