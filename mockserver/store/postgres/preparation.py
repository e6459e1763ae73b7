"""The start of a server on a schema, and a look at one.

Rule 1: missing steps are applied in one transaction, by one server after the other. A killed one leaves nothing.
Rule 2: a start waits for the lock of another session, says so, and gives up after a while. A look gives up soon.
Rule 3: a start and a look refuse the same schemas, each with one sentence.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import psycopg

from mockserver.store.errors import StoreTooNew, StoreUnusable
from mockserver.store.postgres import schema
from mockserver.store.postgres.connection.address import PostgresAddress
from mockserver.store.postgres.connection.link import SILENT, quoted, settings_of
from mockserver.store.postgres.connection.reason import reason_of
from mockserver.store.postgres.locks import LockKeys

LOCK_SECONDS: Final = 30
"""The longest wait of a start for the lock of another session, such as a server that applies steps."""
LATE_SECONDS: Final = 4.0
"""The time after which a look gives up, and a start says that it waits."""
_LOOK_LOCK_SECONDS: Final = 3
_LOCKED: Final = "another session has locked it for {seconds} s, or applies the steps of a new version; see pg_locks"
_SECRET: Final = "INSERT INTO secrets VALUES ('page', %s) ON CONFLICT DO NOTHING"
_RELATIONS: Final = (
    "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = ANY ('{r,p,v,m,f,S}')"
    # an extension may have its views in a schema that is otherwise empty
    " AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
)
_WITHOUT_RIGHTS: Final = (
    "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relname = ANY (%s) AND CASE relkind"
    " WHEN 'r' THEN NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')"
    " AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))"
    " WHEN 'S' THEN NOT (has_sequence_privilege(oid, 'USAGE') AND has_sequence_privilege(oid, 'SELECT'))"
    " ELSE false END ORDER BY relname"
)
_FUNCTIONS: Final = (
    "SELECT proname, has_function_privilege(oid, 'EXECUTE') FROM pg_proc WHERE pronamespace = %s::regnamespace"
)
_IS_READ_ONLY: Final = "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean"

_log: Final = logging.getLogger(__name__)


def prepare_schema(address: PostgresAddress) -> bytes:
    """Apply the missing steps, one server after the other, and return the secret. Raises StoreError."""
    with _connected(address, lock_seconds=LOCK_SECONDS, gives_up=False) as connection:
        return _prepare(connection, address)


def inspect_schema(address: PostgresAddress) -> str:
    """A sentence on a schema that a server could open; nothing is changed. Raises StoreError."""
    with _connected(address, lock_seconds=_LOOK_LOCK_SECONDS, gives_up=True) as connection:
        connection.read_only = True
        _require_writable(connection, address)
        done = count_steps(connection, address)
        if done is not None:
            _require_rights(connection, address, schema.STEPS[:done])
            return f"the store {address.name} can be used; its version is {done} of {len(schema.STEPS)}"
        _require_creation(connection, address)
    return f"the store {address.name} is created at the first start"


def count_steps(connection: psycopg.Connection, address: PostgresAddress) -> int | None:
    """The number of steps that the schema has; None if it has no tables. Raises StoreUnusable and StoreTooNew."""
    if not _has_schema(connection, address):
        return None
    relations = _relations(connection, address)
    if not relations:
        return None
    if schema.STEPS_TABLE not in relations:
        raise StoreUnusable(
            f"the store {address.name} has tables of another program in its schema; give another one as ?schema=name"
        )
    row = connection.execute(f"SELECT done::text FROM {quoted(address.schema)}.mockserver_steps".encode()).fetchone()
    if row is None or not row[0].isdecimal() or row[0] == "0":
        raise StoreUnusable(f"the store {address.name} cannot be used: its table mockserver_steps is damaged")
    done = int(row[0])
    if done > len(schema.STEPS):
        raise StoreTooNew(
            f"the store {address.name} has version {done}, written by a newer mockserver; this one reads"
            f" {len(schema.STEPS)}"
        )
    return done


@contextmanager
def _connected(address: PostgresAddress, *, lock_seconds: int, gives_up: bool) -> Iterator[psycopg.Connection]:
    """A transaction. If it takes long, it is given up or reported. Raises StoreUnusable for an error of PostgreSQL."""
    late = threading.Event()

    def take_late() -> None:
        late.set()
        if gives_up:
            _cut(connection)
        else:
            _log.warning("the store %s lets the start wait; another session may have locked it", address.name)

    try:
        with psycopg.connect(**address.parameters) as connection:  # type: ignore[arg-type]  # parameters of libpq
            timer = threading.Timer(LATE_SECONDS, take_late)
            timer.daemon = True
            timer.start()
            try:
                # applying steps may take longer than a statement of a request
                for setting in settings_of(address, lock_timeout=f"{lock_seconds}s", statement_timeout="0"):
                    psycopg.RawCursor(connection).execute(*setting)
                connection.commit()
                yield connection
            finally:
                timer.cancel()
    except psycopg.errors.LockNotAvailable:
        reason = _LOCKED.format(seconds=lock_seconds)
        raise StoreUnusable(f"the store {address.name} cannot be opened: {reason}") from None
    except psycopg.Error as error:
        reason = SILENT if gives_up and late.is_set() else reason_of(error)
        raise StoreUnusable(f"the store {address.name} cannot be opened: {reason}") from None


def _cut(connection: psycopg.Connection) -> None:
    # the client library notices the end of its socket and fails
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.pgconn.socket)) as own:
        own.shutdown(socket.SHUT_RDWR)


def _prepare(connection: psycopg.Connection, address: PostgresAddress) -> bytes:
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED  # or the lock would not show the other's steps
    _require_writable(connection, address)
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (LockKeys(address.schema).steps,))
    done = count_steps(connection, address)
    if done is None:
        _require_creation(connection, address)
        if not _has_schema(connection, address):
            connection.execute(f"CREATE SCHEMA {quoted(address.schema)}".encode())
        connection.execute("CREATE TABLE mockserver_steps (done integer NOT NULL)")
        connection.execute("INSERT INTO mockserver_steps VALUES (0)")
        done = 0
    if done < len(schema.STEPS):
        for step in schema.STEPS[done:]:
            connection.execute(step.encode())
        connection.execute("UPDATE mockserver_steps SET done = %s", (len(schema.STEPS),))
    _require_rights(connection, address, schema.STEPS)
    connection.execute(_SECRET, (os.urandom(32),))
    row = connection.execute("SELECT value FROM secrets WHERE name = 'page'").fetchone()
    assert row is not None
    return bytes(row[0])


def _has_schema(connection: psycopg.Connection, address: PostgresAddress) -> bool:
    found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (address.schema,))
    return found.fetchone() is not None


def _require_writable(connection: psycopg.Connection, address: PostgresAddress) -> None:
    if connection.execute(_IS_READ_ONLY).fetchone() == (True,):
        raise StoreUnusable(f"the store {address.name} cannot be used: its database is read-only for the user")


def _require_creation(connection: psycopg.Connection, address: PostgresAddress) -> None:
    """Raise StoreUnusable if the user may not create what is missing."""
    if not _has_schema(connection, address):
        may = connection.execute("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()
        lack = "the user may create no schema in the database"
    else:
        may = connection.execute("SELECT has_schema_privilege(%s, 'CREATE')", (address.schema,)).fetchone()
        lack = "the user may create no tables in the schema"
    if may != (True,):
        raise StoreUnusable(f"the store {address.name} cannot be created: {lack}")


def _relations(connection: psycopg.Connection, address: PostgresAddress) -> set[str]:
    return {name for (name,) in connection.execute(_RELATIONS, (quoted(address.schema),))}


def _require_rights(connection: psycopg.Connection, address: PostgresAddress, steps: Sequence[str]) -> None:
    """Raise StoreUnusable if something that these steps create is missing, or the user may not use it."""
    relations, functions = schema.relations(steps), schema.functions(steps)
    known: dict[str, bool] = dict(connection.execute(_FUNCTIONS, (quoted(address.schema),)).fetchall())
    if missing := sorted((relations | functions) - _relations(connection, address) - known.keys()):
        raise StoreUnusable(f"the store {address.name} cannot be used: its {missing[0]} is missing")
    row = connection.execute(_WITHOUT_RIGHTS, (quoted(address.schema), list(relations))).fetchone()
    if row is not None:
        raise StoreUnusable(
            f"the store {address.name} cannot be used: the user may not read and change all of its {row[0]}"
        )
    if refused := sorted(name for name in functions if not known[name]):
        raise StoreUnusable(f"the store {address.name} cannot be used: the user may not call its {refused[0]}")
