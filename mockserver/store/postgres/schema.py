"""The tables and functions of the store, as a list of steps.

The table `mockserver_steps` counts the steps of a schema. A new version of the mock adds a step and changes none.
Credits and units are `numeric`, which has no largest value in practice. An id that carries the number of its row has no
index of its own, as in SQLite; servers reserve these numbers by the thousand, so `place` has the order of all sessions.
The numbers of an account's sessions have no gaps: `accounts.sessions` counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

STEPS_TABLE: Final = "mockserver_steps"

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
    # Each statement of this function sees what the last holder of the locks has stored. Nothing is opened or added if
    # the version of the clocks is another one. Each session has the number of those of its account that follow it in
    # the batch, so its own number in the account is known when these are counted. The accounts are locked in the order
    # of their keys, so that no two transactions wait for each other.
    """
    CREATE FUNCTION add_sessions(
        lock_of_everything bigint, locks_of_accounts bigint, version_of_clocks bigint,
        names text[], counts text, hints text[],
        numbers text, ids text[], accounts_of text[], followers_of text, created_of text, expires_of text,
        records text, indexed boolean[]
    ) RETURNS bigint LANGUAGE plpgsql AS $function$
    DECLARE
        added_sessions bigint;
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(lock_of_everything);
        PERFORM pg_advisory_xact_lock(key) FROM (
            SELECT DISTINCT hashtextextended(name, locks_of_accounts) AS key FROM unnest(names) AS name ORDER BY key
        ) AS keys;
        WITH opened AS (
            INSERT INTO accounts (id, sessions, key_hint)
                SELECT name, added, hint
                FROM unnest(names, counts::bigint[], hints) AS new (name, added, hint)
                WHERE (SELECT version FROM clock_version) = version_of_clocks ORDER BY name
                ON CONFLICT (id) DO UPDATE SET sessions = accounts.sessions + excluded.sessions,
                    key_hint = coalesce(accounts.key_hint, excluded.key_hint)
                RETURNING id AS name, sessions
        ), added AS (
            INSERT INTO sessions (seq, id, account, number, status, created_ms, expires_ms, record, is_indexed)
                SELECT seq, id, account, sessions - followers, 'pending', created, expires, record, is_indexed
                FROM ROWS FROM (
                    unnest(numbers::bigint[]), unnest(ids), unnest(accounts_of), unnest(followers_of::bigint[]),
                    unnest(created_of::bigint[]), unnest(expires_of::bigint[]), json_array_elements(records::json),
                    unnest(indexed)
                ) WITH ORDINALITY AS new (seq, id, account, followers, created, expires, record, is_indexed, place)
                JOIN opened ON opened.name = new.account ORDER BY place
                RETURNING 1
        )
        SELECT count(*) INTO added_sessions FROM added;
        RETURN added_sessions;
    END
    $function$;
    """,
)


def relations(steps: Iterable[str]) -> frozenset[str]:
    """The names of the tables and sequences that steps create, and of the table that counts them."""
    return frozenset([STEPS_TABLE, *re.findall(r"CREATE (?:TABLE|SEQUENCE) (\w+)", " ".join(steps))])


def functions(steps: Iterable[str]) -> frozenset[str]:
    """The names of the functions that steps create."""
    return frozenset(re.findall(r"CREATE FUNCTION (\w+)", " ".join(steps)))
