"""A connection to PostgreSQL: statements that share a round trip.

Rule 1: the statements of a call are sent together and answered together; each is prepared at its first use.
Rule 2: outside of a transaction, the statements of a call are one: PostgreSQL commits them together, or none.
Rule 3: a call that takes longer than its time ends the connection, so that nobody waits for a server that is gone.
Rule 4: PostgreSQL gives a lock up before the time of a call is over, also where little time is left. The outcome is
        known then: nothing was stored.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper

from mockserver.store.postgres.connection.address import PostgresAddress

Statement = tuple[str, Sequence[object]]
"""SQL with `$1`, `$2` and so on, and the values of these parameters."""

Rows = Sequence[tuple[Any, ...]]

ENDED: Final = "the server has ended the connection"
SILENT: Final = "the server does not answer in time"
_REFUSED: Final = "ERROR"
"""PostgreSQL's severity of an error that ends no more than the transaction."""
_MOST_PREPARED: Final = 200
_SETTINGS: Final[Mapping[str, str]] = {
    "lock_timeout": "3500ms",  # less than the time of a call
    # a server of ours that hangs must not hold its locks for long
    "idle_in_transaction_session_timeout": "10s",
    "statement_timeout": "60s",
    # later versions of PostgreSQL have these; defaults of a role or a database would end what takes long, or idles
    "transaction_timeout": "0",
    "idle_session_timeout": "0",
    # it compiles what a page of a list needs for longer than reading the page takes
    "jit": "off",
    # a statement after a lock must see what the last holder has stored, whatever the default of the database is
    "default_transaction_isolation": "read committed",
    # columns of numbers are sent as arrays with nulls
    "array_nulls": "on",
}
_ENOUGH_SECONDS: Final = 3.7
"""The time of a call from which the lock timeout of the connection is short enough."""
_SHARE_OF_LOCKS: Final = 0.85
_LIMIT_LOCKS: Final = "SELECT set_config('lock_timeout', $1, true)"
_SET: Final = (
    "SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS new (name, value)"
    " WHERE name = 'search_path' OR name IN (SELECT name FROM pg_settings)"
)


class DatabaseLink:
    """One connection."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._cursors: list[psycopg.AsyncCursor[tuple[Any, ...]]] = []
        self._is_cut = False
        self._has_failed = False
        self._is_outdated = False
        self._input = select.poll()
        self._input.register(connection.pgconn.socket, select.POLLIN)

    @classmethod
    async def connect(cls, address: PostgresAddress) -> DatabaseLink:
        """Connect, and see nothing but the schema of the address. Raises psycopg.Error."""
        with cancellations_kept():
            connection = await psycopg.AsyncConnection.connect(
                autocommit=True,
                cursor_factory=psycopg.AsyncRawCursor,
                **address.parameters,  # type: ignore[arg-type]  # parameters of libpq, by name
            )
        connection.adapters.register_dumper(int, Int8BinaryDumper)  # else each size of integer prepares anew
        connection.prepared_max = _MOST_PREPARED
        link = cls(connection)
        seconds = float(address.parameters["connect_timeout"])
        try:
            await link.run(settings_of(address), seconds=seconds)
        except BaseException:  # a server that stops cancels it, too
            link.close()
            raise
        return link

    async def run(self, statements: Sequence[Statement], *, seconds: float) -> list[Rows]:
        """Run statements in one round trip, and return the rows of each. Raises psycopg.Error."""
        with cancellations_kept():
            return await self._run(statements, seconds)

    async def _run(self, statements: Sequence[Statement], seconds: float) -> list[Rows]:
        # within a transaction, a ROLLBACK must be alone: the client library forgets all that is prepared with it
        own = _lock_limit(seconds) if self.is_idle else ()
        statements = [*own, *statements]
        while len(self._cursors) < len(statements):
            self._cursors.append(self._connection.cursor(binary=True))
        timer = asyncio.get_running_loop().call_later(max(seconds, 0.001), self._cut)
        try:
            if len(statements) == 1:
                [(sql, parameters)] = statements
                await self._cursors[0].execute(sql, parameters, prepare=True)
            else:
                async with self._connection.pipeline():
                    for cursor, (sql, parameters) in zip(self._cursors, statements, strict=False):
                        await cursor.execute(sql, parameters, prepare=True)
            used = self._cursors[len(own) : len(statements)]
            return [await cursor.fetchall() if cursor.description else () for cursor in used]
        except psycopg.Error as error:
            # A refused statement is an ERROR. After anything else the connection ends, which libpq may not see yet.
            self._has_failed = error.diag.severity_nonlocalized != _REFUSED
            self._is_outdated = is_read_only(error)
            if self._is_cut:
                raise psycopg.OperationalError(SILENT) from None
            raise
        finally:
            timer.cancel()

    @property
    def connection(self) -> psycopg.AsyncConnection[Any]:
        """The connection itself, for notifications."""
        return self._connection

    @property
    def is_idle(self) -> bool:
        """The connection can serve another transaction: it is open, and outside of one."""
        # the compiled library gives a number, not a member
        is_open = self._connection.pgconn.transaction_status == TransactionStatus.IDLE
        return is_open and not self._is_outdated

    @property
    def is_dead(self) -> bool:
        """The server has ended the connection, which waits for no answer: it has no other reason to send something."""
        return self.is_broken or bool(self._input.poll(0))

    @property
    def is_broken(self) -> bool:
        """The connection has ended."""
        return self._is_cut or self._has_failed or self._connection.broken or self._connection.closed

    def close(self) -> None:
        """End the connection. A second call does nothing."""
        self._connection.pgconn.finish()

    def _cut(self) -> None:
        # the client library notices the end of its socket and fails; to cancel it would ask the server that is silent
        self._is_cut = True
        try:
            with socket.socket(fileno=os.dup(self._connection.pgconn.socket)) as own:
                own.shutdown(socket.SHUT_RDWR)
        except (OSError, psycopg.Error):
            self._connection.pgconn.finish()


def _lock_limit(seconds: float) -> Sequence[Statement]:
    """The statement that lets a transaction of so little time wait for locks only as long as it may."""
    if seconds >= _ENOUGH_SECONDS:
        return ()
    return [(_LIMIT_LOCKS, (f"{max(int(seconds * _SHARE_OF_LOCKS * 1000), 1)}ms",))]


def is_read_only(error: psycopg.Error) -> bool:
    """The connection cannot change anything: it is older than a default of its user, or leads to a standby."""
    return isinstance(error, psycopg.errors.ReadOnlySqlTransaction)


@contextmanager
def cancellations_kept() -> Iterator[None]:
    """Raise CancelledError if the task was cancelled meanwhile, whatever the block raises.

    psycopg then asks the server to cancel the statements, and raises the error that this brings about.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        yield
    except psycopg.Error:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError from None
        raise


def settings_of(address: PostgresAddress, **others: str) -> list[Statement]:
    """The statement that lets a connection see the schema of the address alone, with our settings and others."""
    settings = {"search_path": quoted(address.schema), **_SETTINGS, **others}
    return [(_SET, (list(settings), list(settings.values())))]


def quoted(name: str) -> str:
    """An identifier as SQL."""
    return '"' + name.replace('"', '""') + '"'
