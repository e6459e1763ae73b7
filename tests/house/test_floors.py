"""The floors of the house: an import points down, between the packages and inside them."""

from __future__ import annotations

import pytest

from tests.house.source import imports, modules, within

FLOORS = (
    (
        "mockserver.asgi",
        "mockserver.printable",
        "mockserver.suggestion",
        "mockserver.user_folders",
        "mockserver.whole_file",
        "mockserver._version",
    ),
    ("mockserver.domain", "mockserver.contract", "mockserver.markdown_text"),
    ("mockserver.settings", "mockserver.store", "mockserver.journal", "mockserver.client", "mockserver.coverage"),
    ("mockserver.billing",),
    ("mockserver.web",),
    ("mockserver.app",),
    ("mockserver.server",),
    ("mockserver.pytest_plugin", "mockserver_contracts"),
    ("mockserver.cli",),
)
"""From the ground up; a module may import from its own package and from floors below."""

INNER_FLOORS: dict[str, tuple[tuple[str, ...], ...]] = {
    "mockserver.contract": (
        ("errors", "media", "pointer", "route"),
        ("strict_json",),
        ("schema", "profile"),
        ("request",),
        ("operation",),
        ("contract",),
        ("loading", "mocking"),
    ),
    "mockserver.web": (
        ("http",),
        ("middleware", "exchange", "shapes"),
        ("api", "pages"),
        ("control",),
    ),
    "mockserver.coverage": (
        ("goals", "exchange"),
        ("schema", "report"),
        ("claims", "operation_plan", "rendering"),
        ("counter",),
        ("pending", "sources"),
    ),
    "mockserver_contracts": (
        ("exchange", "document"),
        ("results", "corpus", "defects"),
        ("baseline", "target"),
        ("checks", "drift", "replay", "reports"),
        ("fuzz",),
        ("run",),
        ("calibration", "mutation"),
    ),
    "mockserver.server": (
        ("bounds", "http_exchange", "outbox", "own_process"),
        ("request_reader", "uvicorn_protocol"),
        ("http_protocol",),
        ("server",),
        ("child_process", "running", "workers"),
    ),
    "mockserver.contract.loading": (
        ("bundled", "reading", "checking", "watching"),
        ("references", "repairing", "repeats"),
        ("overlay",),
        ("overlay_action",),
        ("billing",),
        ("effective_document",),
        ("bundle_cache",),
        ("bundle", "load"),
    ),
    "mockserver.contract.mocking": (
        ("json_text",),
        ("preferences", "response", "sample"),
        ("repair", "schema_examples", "selection", "server_urls", "xml_document"),
        ("serialization", "values"),
        ("headers",),
        ("responses",),
        ("declared_refusals",),
    ),
    "mockserver.contract.request": (
        ("encoded_text", "multipart", "yaml_body"),
        ("accept", "headers", "near_names", "nulls", "style"),
        ("parameter", "security"),
        ("parameters", "part_rules"),
        ("form",),
        ("body",),
    ),
    "mockserver.contract.schema": (
        ("formats", "pattern", "structure", "translation"),
        ("members", "wording"),
        ("violation",),
        ("validators",),
        ("explanation",),
    ),
}
"""The rooms (packages and modules) inside a package, from the ground up. Every room of the package is listed.

A room may import from itself and from rooms on lower floors. So two rooms of one floor know nothing of each other, and
no circle is possible. The package's own `__init__` stands above all of its rooms.
"""

MAX_LOOSE_FILES = 15
"""The number of modules in one folder, without `__init__`."""

ONLY_THERE = {
    "uvicorn": ("mockserver.server",),
    "sqlite3": ("mockserver.store",),
    "psycopg": ("mockserver.store.postgres",),
    "openapi_core": ("mockserver.contract.schema.explanation",),
    "jsonpath": ("mockserver.contract.loading.overlay_action",),
    "schemathesis": (
        "mockserver_contracts.corpus.generation",
        "mockserver_contracts.fuzz",
    ),
    "werkzeug": ("mockserver.contract.request.multipart",),
    "ruamel": ("mockserver_contracts.baseline.yaml_io",),
    "jinja2": ("mockserver.web.pages.templating", "mockserver.coverage.rendering.report_page"),
    "rich": (
        "mockserver_contracts.reports.console",
        "mockserver_contracts.reports.progress",
        "mockserver_contracts.reports.tables",
    ),
}
"""Libraries that few places import."""


def floor_of(name: str) -> tuple[int, str] | None:
    for height, packages in enumerate(FLOORS):
        for package in packages:
            if within(name, package):
                return height, package
    return None


def test_module_stands_on_a_floor() -> None:
    assert {name for name, _ in modules() if floor_of(name) is None} == {"mockserver", "mockserver.__main__"}


@pytest.mark.parametrize(
    ("height", "package"), [(height, package) for height, packages in enumerate(FLOORS) for package in packages]
)
def test_import_between_packages_points_down(height: int, package: str) -> None:
    inside = [(name, path) for name, path in modules() if within(name, package)]
    assert inside
    upward = [
        f"{name} imports {imported}"
        for name, path in inside
        for imported in imports(path)
        if (there := floor_of(imported)) is not None and there[1] != package and there[0] >= height
    ]
    assert upward == []


def room_of(name: str, package: str) -> str | None:
    """The room of a module inside a package; None for the package itself and for modules outside of it."""
    return name.removeprefix(package + ".").partition(".")[0] if name.startswith(package + ".") else None


def test_inner_floors_list_every_room() -> None:
    for package, floors in INNER_FLOORS.items():
        listed = [room for floor in floors for room in floor]
        existing = {room for name, _ in modules() if (room := room_of(name, package)) is not None}
        assert sorted(listed) == sorted(existing), f"the rooms of {package}"


@pytest.mark.parametrize("package", INNER_FLOORS)
def test_import_between_rooms_points_down(package: str) -> None:
    heights = {room: height for height, floor in enumerate(INNER_FLOORS[package]) for room in floor}
    upward = []
    for name, path in modules():
        here = room_of(name, package)
        if here is None:
            continue
        for imported in imports(path):
            there = room_of(imported, package)
            if imported == package or (there in heights and there != here and heights[there] >= heights[here]):
                upward.append(f"{name} imports {imported}")
    assert upward == []


def test_folder_has_a_limited_number_of_loose_files() -> None:
    folders: dict[str, int] = {}
    for name, path in modules():
        if path.name != "__init__.py":
            folder = name.rpartition(".")[0]
            folders[folder] = folders.get(folder, 0) + 1
    assert {folder: count for folder, count in folders.items() if count > MAX_LOOSE_FILES} == {}


@pytest.mark.parametrize(("library", "places"), list(ONLY_THERE.items()))
def test_library_is_imported_where_it_belongs(library: str, places: tuple[str, ...]) -> None:
    elsewhere = [
        name
        for name, path in modules()
        if any(within(imported, library) for imported in imports(path)) and not any(within(name, p) for p in places)
    ]
    assert elsewhere == []


def test_harness_imports_the_mock_as_a_target_only() -> None:
    allowed = (
        *(
            "mockserver.printable",
            "mockserver.user_folders",
            "mockserver.markdown_text",
            "mockserver.contract",
            "mockserver.domain.duration",
        ),
        "mockserver.coverage",  # counts exchanges of any server on a contract, and knows no mock
        "mockserver._version",
    )
    for name, path in modules():
        if not within(name, "mockserver_contracts") or name == "mockserver_contracts.target.target":
            continue
        for imported in imports(path):
            if within(imported, "mockserver"):
                assert any(within(imported, package) for package in allowed), f"{name} imports {imported}"


def test_command_line_alone_imports_the_harness_and_late() -> None:
    for name, path in modules():
        early = [imported for imported in imports(path, late=False) if within(imported, "mockserver_contracts")]
        assert within(name, "mockserver_contracts") or early == [], f"{name} imports {early} when it is imported"
        late = [imported for imported in imports(path) if within(imported, "mockserver_contracts")]
        assert within(name, "mockserver_contracts") or within(name, "mockserver.cli") or late == [], (
            f"{name} imports {late}"
        )


def test_first_answer_needs_no_heavy_library() -> None:
    """No module that serving imports, directly or not, imports one of the heavy libraries."""
    heavy = (
        "openapi_core",
        "werkzeug",
        "jsonpath",
        "schemathesis",
        "jinja2",
        "yaml",
        "httpx",
        "sqlite3",
    )
    paths = dict(modules())
    seen: set[str] = set()
    waiting = ["mockserver.server.server", "mockserver.cli.serve.command"]
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
