"""A PostgreSQL for the benchmarks: the server named by MOCKSERVER_TEST_POSTGRES, or the one that the tests carry."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from benchmarks.rounds import Case
from benchmarks.servers import insert_command, mock_command
from benchmarks.workload import Workload
from tests.store.postgres_server import VARIABLE, own_server


def postgres_cases(folder: Path) -> list[Case]:
    """The mock with this store, and a bare app that inserts and commits on the same server."""
    return [
        Case("bare app, PostgreSQL: an insert and commit", insert_command(postgres_server(folder)), Workload.CHECKOUT),
        Case("mock, PostgreSQL", mock_command(postgres_address(folder)), Workload.CHECKOUT),
    ]


def postgres_address(folder: Path, suffix: str = "") -> str:
    """The address of an empty store for a temporary folder; another suffix is another store on the same server."""
    address = postgres_server(folder)
    return f"{address}{'&' if '?' in address else '?'}schema={quote(folder.name + suffix)}"


def postgres_server(folder: Path) -> str:
    """The address of PostgreSQL itself, as its client library takes it."""
    return os.environ.get(VARIABLE) or str(own_server(f"mockserver-bench-{folder.name}").get_uri())
