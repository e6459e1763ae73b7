"""The kinds of stores under test. A new kind adds a line here, not tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from tests.store.postgres_server import changed_schema, postgres_address


class Backend(NamedTuple):
    """A kind of store: the address for an empty folder, and its abilities. tests/store/conformance holds it to them."""

    address: Callable[[Path | str], str]
    survives_reopening: bool
    """A store that is closed and opened again has all that was stored, and its secret."""
    survives_kill: bool
    """So does one whose server was killed with SIGKILL."""
    is_shared: bool
    """Several servers may have it open. Each sees at once the changes of the others."""
    make_newer: Callable[[Path | str], None] | None = None
    """Let a closed store have version 99."""


def _newer_file(folder: Path | str) -> None:
    with closing(sqlite3.connect(f"{folder}/store.db")) as db:
        db.execute("PRAGMA user_version = 99")


def _newer_schema(folder: Path | str) -> None:
    changed_schema(folder, "UPDATE mockserver_steps SET done = 99")


_SQLITE: Final = Backend(
    lambda folder: f"sqlite:///{folder}/store.db",
    survives_reopening=True,
    survives_kill=True,
    is_shared=False,
    make_newer=_newer_file,
)
BACKENDS: Final[Mapping[str, Backend]] = {
    "memory": Backend(lambda _: "memory", survives_reopening=False, survives_kill=False, is_shared=False),
    "sqlite": _SQLITE,
    "sqlite, shared": _SQLITE._replace(
        address=lambda folder: f"sqlite:///{folder}/store.db?shared=true", is_shared=True
    ),
    "postgresql": Backend(
        postgres_address, survives_reopening=True, survives_kill=True, is_shared=True, make_newer=_newer_schema
    ),
}
SHARED: Final = tuple(name for name, backend in BACKENDS.items() if backend.is_shared)
"""The kinds that several servers may have open."""
