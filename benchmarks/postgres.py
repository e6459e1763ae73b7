"""A PostgreSQL for the benchmarks: the server named by MOCKSERVER_TEST_POSTGRES, or the one that the tests carry."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from benchmarks.rounds import Case
from benchmarks.servers import insert_command, mock_command
from benchmarks.workload import Workload
from tests.store.postgres_server import VARIABLE, own_server

SCHEMA = "mockserver_bench"


def postgres_cases(folder: Path) -> list[Case]:
    """The mock with this store, and a bare app that inserts and commits on the same server."""
    address = os.environ.get(VARIABLE) or own_server(f"mockserver-bench-{folder.name}").get_uri()
    store = f"{address}{'&' if '?' in address else '?'}schema={quote(SCHEMA)}"
    return [
        Case("bare app, PostgreSQL: an insert and commit", insert_command(address), Workload.CHECKOUT),
        Case("mock, PostgreSQL", mock_command(store), Workload.CHECKOUT),
    ]
