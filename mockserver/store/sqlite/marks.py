"""The marks of a SQLite file: they name the program that wrote it and the version of its schema."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from mockserver.store.errors import StoreTooNew, StoreUnusable
from mockserver.store.sqlite.schema import APPLICATION_ID, MIGRATIONS

PRAGMAS: Final = ("user_version", "application_id", "schema_version")
"""The pragmas that read the marks, in the order of Marks."""


class Marks(NamedTuple):
    """The marks of one file."""

    version: int
    application: int
    schema: int


def check_marks(marks: Marks, path: Path) -> None:
    """Return if this version of the mock may use the file. Raises StoreError."""
    # the first step gives the file its version and its application; a file without either is empty
    if marks.application != APPLICATION_ID and (marks.schema or marks.version):
        raise StoreUnusable(f"the store {path} is a SQLite file of another program; give --store another path")
    if marks.version > len(MIGRATIONS):
        raise StoreTooNew(
            f"the store {path} has version {marks.version}, written by a newer mockserver; "
            f"this one reads {len(MIGRATIONS)}"
        )
