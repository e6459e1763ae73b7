"""The tables of the store, as a list of steps.

The table `mockserver_steps` counts the steps of a schema. A new version of the mock adds a step and changes none.
Credits and units are `numeric`, which has no largest value in practice. An id that carries the number of its row has no
index of its own, as in SQLite; servers reserve these numbers by the thousand, so `place` has the order of all sessions.
The numbers of an account's sessions have no gaps: `accounts.sessions` counts them.
"""

from __future__ import annotations

import os
from typing import Final

import psycopg

from mockserver.store.errors import StoreTooNew, StoreUnusable
from mockserver.store.postgres.connection.address import PostgresAddress
from mockserver.store.postgres.connection.link import quoted
from mockserver.store.postgres.connection.reason import reason_of
from mockserver.store.postgres.locks import LockKeys

STEPS: Final = (
    """
    CREATE TABLE accounts (
        id text PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        balance numeric NOT NULL DEFAULT 0,
        plan text,
        recharge text,
        sessions bigint NOT NULL DEFAULT 0
    );
    CREATE UNIQUE INDEX accounts_in_order ON accounts (seq);
    CREATE TABLE clocks (account text PRIMARY KEY, offset_us bigint NOT NULL, frozen_ms bigint);
    CREATE TABLE clock_version (version bigint NOT NULL);
    INSERT INTO clock_version VALUES (0);
    CREATE SEQUENCE session_numbers INCREMENT BY 1000 START 1;
    CREATE TABLE sessions (
        seq bigint PRIMARY KEY,
        id text NOT NULL,
        account text NOT NULL,
        number bigint NOT NULL,
        place bigint GENERATED ALWAYS AS IDENTITY,
        status text NOT NULL,
        created_ms bigint NOT NULL,
        expires_ms bigint NOT NULL,
        completed_ms bigint,
        record text NOT NULL,
        is_indexed boolean NOT NULL
    );
    CREATE UNIQUE INDEX sessions_by_number ON sessions (account, number);
    CREATE UNIQUE INDEX sessions_by_place ON sessions (place);
    CREATE UNIQUE INDEX sessions_by_id ON sessions (id) WHERE is_indexed;
    CREATE TABLE entries (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        account text NOT NULL,
        kind text NOT NULL,
        microcredits numeric NOT NULL,
        at_ms bigint NOT NULL,
        session text UNIQUE,
        category text,
        microunits numeric
    );
    CREATE INDEX entries_by_account ON entries (account, seq);
    CREATE TABLE consumption (
        account text NOT NULL,
        month_ms bigint NOT NULL,
        category text NOT NULL,
        microcredits numeric NOT NULL,
        microunits numeric,
        PRIMARY KEY (account, month_ms, category)
    );
    CREATE TABLE invoices (
        account text NOT NULL,
        number bigint NOT NULL,
        id text NOT NULL UNIQUE,
        session text UNIQUE,
        at_ms bigint NOT NULL,
        record text NOT NULL,
        PRIMARY KEY (account, number)
    );
    CREATE TABLE faults (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        account text,
        is_spent boolean NOT NULL,
        record text NOT NULL
    );
    CREATE SEQUENCE fault_versions;
    CREATE TABLE secrets (name text PRIMARY KEY, value bytea NOT NULL);
    """,
    """
    CREATE TABLE journal (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        account text NOT NULL,
        size bigint NOT NULL,
        record text NOT NULL
    );
    CREATE INDEX journal_by_account ON journal (account, id);
    CREATE TABLE journal_end (id bigint NOT NULL);
    INSERT INTO journal_end VALUES (0);
    CREATE TABLE journal_losses (account text PRIMARY KEY, id bigint NOT NULL);
    CREATE TABLE journal_clearings (account text PRIMARY KEY, at_ms bigint NOT NULL);
    """,
    """
    ALTER TABLE accounts ADD COLUMN key_hint text, ADD COLUMN name text;
    """,
    """
    ALTER TABLE entries ADD COLUMN number bigint, ADD COLUMN balance numeric;
    UPDATE entries SET number = counted.number, balance = counted.balance
        FROM (
            SELECT seq, row_number() OVER earlier AS number, sum(microcredits) OVER earlier AS balance
            FROM entries WINDOW earlier AS (PARTITION BY account ORDER BY seq)
        ) AS counted
        WHERE counted.seq = entries.seq;
    ALTER TABLE entries ALTER COLUMN number SET NOT NULL, ALTER COLUMN balance SET NOT NULL;
    DROP INDEX entries_by_account;
    CREATE UNIQUE INDEX entries_by_number ON entries (account, number);
    CREATE TABLE checkpoints (
        name text PRIMARY KEY,
        account text,
        saved_ms bigint NOT NULL,
        accounts bigint NOT NULL,
        sessions bigint NOT NULL,
        document text NOT NULL
    );
    """,
    "ALTER TABLE accounts ADD COLUMN email text",
)

_SECRET: Final = "INSERT INTO secrets VALUES ('page', %s) ON CONFLICT DO NOTHING"


def prepare_schema(address: PostgresAddress) -> bytes:
    """Apply the missing steps, one server after the other, and return the secret. Raises StoreError."""
    try:
        with psycopg.connect(**address.parameters) as connection:  # type: ignore[arg-type]  # parameters of libpq
            return _prepare(connection, address)
    except psycopg.Error as error:
        raise StoreUnusable(f"the store {address.name} cannot be opened: {reason_of(error)}") from None


def inspect_schema(address: PostgresAddress) -> str:
    """A sentence on a schema that a server could open; nothing is changed. Raises StoreError."""
    try:
        with psycopg.connect(**address.parameters) as connection:  # type: ignore[arg-type]  # parameters of libpq
            connection.read_only = True
            done = count_steps(connection, address)
            may_create = connection.execute("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()
    except psycopg.Error as error:
        raise StoreUnusable(f"the store {address.name} cannot be opened: {reason_of(error)}") from None
    if done is not None:
        return f"the store {address.name} can be used; its version is {done} of {len(STEPS)}"
    if may_create is None or not may_create[0]:
        raise StoreUnusable(
            f"the store {address.name} cannot be created: the user may create no schema in the database"
        )
    return f"the store {address.name} is created at the first start"


def _prepare(connection: psycopg.Connection, address: PostgresAddress) -> bytes:
    # one transaction: a server that is killed half-way leaves nothing
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED  # or the lock would not show the other's steps
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (LockKeys(address.schema).steps,))
    exists = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (address.schema,)).fetchone()
    if exists is None:
        connection.execute(f"CREATE SCHEMA {quoted(address.schema)}".encode())
    connection.execute("SELECT set_config('search_path', %s, true)", (quoted(address.schema),))
    done = count_steps(connection, address)
    if done is None:
        connection.execute("CREATE TABLE mockserver_steps (done integer NOT NULL)")
        connection.execute("INSERT INTO mockserver_steps VALUES (0)")
        done = 0
    if done < len(STEPS):
        for step in STEPS[done:]:
            connection.execute(step.encode())
        connection.execute("UPDATE mockserver_steps SET done = %s", (len(STEPS),))
    connection.execute(_SECRET, (os.urandom(32),))
    row = connection.execute("SELECT value FROM secrets WHERE name = 'page'").fetchone()
    assert row is not None
    return bytes(row[0])


def count_steps(connection: psycopg.Connection, address: PostgresAddress) -> int | None:
    """The number of steps that the schema has; None if it has no tables. Raises StoreUnusable and StoreTooNew."""
    tables = {
        name
        for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (address.schema,))
    }
    if not tables:
        return None
    if "mockserver_steps" not in tables:
        raise StoreUnusable(
            f"the store {address.name} has tables of another program in its schema; give another one as ?schema=name"
        )
    row = connection.execute(f"SELECT done FROM {quoted(address.schema)}.mockserver_steps".encode()).fetchone()
    done: int = row[0] if row else 0
    if done > len(STEPS):
        raise StoreTooNew(
            f"the store {address.name} has version {done}, written by a newer mockserver; this one reads {len(STEPS)}"
        )
    return done
