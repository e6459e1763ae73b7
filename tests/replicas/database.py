"""A PostgreSQL server whose commits wait for the disk, and which a test stops and starts."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any, Final

import psycopg

from tests.store.postgres_server import own_server

_PATIENCE: Final = 30.0
_DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class Database:
    """The server of one test."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.address: str = server.get_uri()
        with psycopg.connect(self.address) as connection:
            found = {name: connection.execute(f"SHOW {name}".encode()).fetchone() for name in _DURABLE}
        assert found == {name: (value,) for name, value in _DURABLE.items()}
        with psycopg.connect(self.address, autocommit=True) as connection:
            # after a crash it would write its thousand files to the disk one by one
            connection.execute("ALTER SYSTEM SET recovery_init_sync_method = syncfs")

    def stop(self, mode: str) -> None:
        """Stop it: `fast` ends the connections, `immediate` is a crash."""
        self._control("-m", mode, "stop")

    def start(self) -> None:
        """Start it, and return when it accepts connections."""
        options = f'-h "" -k {self._server.get_postmaster_info().socket_dir}'
        self._control("-o", options, "-l", str(self._server.log), "start")
        self._server.ensure_postgres_running()  # it waits a shorter time, and takes note of the process

    def drain(self) -> None:
        """Wait until nothing works for clients that are dead."""
        end = monotonic() + _PATIENCE
        with psycopg.connect(self.address, autocommit=True) as connection:
            while connection.execute(_OTHERS).fetchone() != (0,):
                assert monotonic() < end, "the server still works for dead clients"
                sleep(0.05)

    def _control(self, *arguments: str) -> None:
        command = [str(self._server.bin_path / "pg_ctl"), "-w", "-D", str(self._server.pgdata), *arguments]
        subprocess.run(
            command, check=True, user=self._server.system_user, stdout=subprocess.DEVNULL, timeout=_PATIENCE, cwd="/"
        )


@contextmanager
def running_database() -> Iterator[Database]:
    """A new server; its files are deleted at the end."""
    server = own_server(f"mockserver-replicas-{uuid.uuid4().hex[:12]}")
    try:
        yield Database(server)
    finally:
        server.cleanup()
