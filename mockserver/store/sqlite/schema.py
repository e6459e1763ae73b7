"""The schema of the SQLite store, as a list of migrations.

`PRAGMA user_version` counts the migrations of a file. A new version of the mock adds a migration and changes none.
Credits and units are text, since SQLite's integers end at 64 bits and sums must be exact. Migration 2 adds invoices for
sessions that were paid before it. It extracts two members in one call, which keeps their digits. Migration 5 counts the
sessions and the invoices of each account from 1, so that a page is found by its number, and keeps the sums of each
month. The sums need the aggregate `exact_sum`. Migration 6 leaves ids that carry the number of their row without an
index, and due sessions too: a session expires when it is read. Migration 8 counts the entries of each account from 1,
and keeps the balance after each. Migration 10 adds what the processes that share a file tell each other.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x56444D4B
"""`PRAGMA application_id` of the mock's files: "VDMK"."""

MIGRATIONS: Final = (
    """
    CREATE TABLE accounts (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        balance TEXT NOT NULL DEFAULT '0',
        plan TEXT
    );
    CREATE TABLE clocks (account TEXT PRIMARY KEY, offset_us INTEGER NOT NULL, frozen_ms INTEGER) WITHOUT ROWID;
    CREATE TABLE sessions (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL,
        status TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        completed_ms INTEGER,
        record TEXT NOT NULL
    );
    CREATE INDEX sessions_by_account ON sessions (account, seq);
    CREATE INDEX sessions_due ON sessions (account, expires_ms) WHERE status = 'pending';
    CREATE TABLE entries (
        seq INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        microcredits TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        session TEXT UNIQUE,
        category TEXT
    );
    CREATE INDEX entries_by_account ON entries (account, kind, at_ms);
    CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    """,
    """
    ALTER TABLE accounts ADD COLUMN recharge TEXT;
    CREATE TABLE invoices (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL,
        session TEXT UNIQUE,
        at_ms INTEGER NOT NULL,
        record TEXT NOT NULL
    );
    CREATE INDEX invoices_by_account ON invoices (account, seq);
    INSERT INTO invoices (id, account, session, at_ms, record)
        SELECT
            'in_' || lower(hex(randomblob(12))), sessions.account, sessions.id, entries.at_ms,
            '["Credits",' || substr(json_extract(sessions.record, '$[3]', '$[4]'), 2)
        FROM entries JOIN sessions ON sessions.id = entries.session ORDER BY entries.seq;
    """,
    """
    CREATE TABLE faults (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        account TEXT,
        is_spent INTEGER NOT NULL,
        record TEXT NOT NULL
    );
    """,
    "ALTER TABLE entries ADD COLUMN microunits TEXT",
    """
    ALTER TABLE sessions ADD COLUMN number INTEGER;
    UPDATE sessions SET number = counted.number
        FROM (SELECT seq, row_number() OVER (PARTITION BY account ORDER BY seq) AS number FROM sessions) AS counted
        WHERE counted.seq = sessions.seq;
    DROP INDEX sessions_by_account;
    CREATE UNIQUE INDEX sessions_by_number ON sessions (account, number);
    ALTER TABLE invoices ADD COLUMN number INTEGER;
    UPDATE invoices SET number = counted.number
        FROM (SELECT seq, row_number() OVER (PARTITION BY account ORDER BY seq) AS number FROM invoices) AS counted
        WHERE counted.seq = invoices.seq;
    DROP INDEX invoices_by_account;
    CREATE UNIQUE INDEX invoices_by_number ON invoices (account, number);
    CREATE TABLE consumption (
        account TEXT NOT NULL,
        month_ms INTEGER NOT NULL,
        category TEXT NOT NULL,
        microcredits TEXT NOT NULL,
        microunits TEXT,
        PRIMARY KEY (account, month_ms, category)
    ) WITHOUT ROWID;
    INSERT INTO consumption
        SELECT
            account, 1000 * strftime('%s', at_ms / 1000, 'unixepoch', 'start of month') AS month,
            coalesce(category, '') AS label,
            exact_sum(ltrim(microcredits, '-')), exact_sum(microunits)
        FROM entries WHERE kind = 'consumption' GROUP BY account, month, label;
    DROP INDEX entries_by_account;
    CREATE INDEX entries_by_account ON entries (account);
    """,
    """
    CREATE TABLE sessions_by_row (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        account TEXT NOT NULL,
        status TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        completed_ms INTEGER,
        record TEXT NOT NULL,
        number INTEGER,
        indexed INTEGER NOT NULL
    );
    INSERT INTO sessions_by_row
        SELECT seq, id, account, status, created_ms, expires_ms, completed_ms, record, number, 1 FROM sessions;
    DROP TABLE sessions;
    ALTER TABLE sessions_by_row RENAME TO sessions;
    CREATE UNIQUE INDEX sessions_by_number ON sessions (account, number);
    CREATE UNIQUE INDEX sessions_by_id ON sessions (id) WHERE indexed = 1;
    """,
    """
    ALTER TABLE accounts ADD COLUMN key_hint TEXT;
    ALTER TABLE accounts ADD COLUMN name TEXT;
    """,
    """
    ALTER TABLE entries ADD COLUMN number INTEGER;
    ALTER TABLE entries ADD COLUMN balance TEXT;
    UPDATE entries SET number = counted.number, balance = counted.balance
        FROM (
            SELECT seq, row_number() OVER earlier AS number, exact_sum(microcredits) OVER earlier AS balance
            FROM entries WINDOW earlier AS (PARTITION BY account ORDER BY seq)
        ) AS counted
        WHERE counted.seq = entries.seq;
    DROP INDEX entries_by_account;
    CREATE UNIQUE INDEX entries_by_number ON entries (account, number);
    CREATE TABLE checkpoints (
        name TEXT PRIMARY KEY,
        account TEXT,
        saved_ms INTEGER NOT NULL,
        accounts INTEGER NOT NULL,
        sessions INTEGER NOT NULL,
        document TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE accounts ADD COLUMN email TEXT",
    """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        size INTEGER NOT NULL,
        record TEXT NOT NULL
    );
    CREATE INDEX journal_by_account ON journal (account, id);
    CREATE TABLE journal_size (entries INTEGER NOT NULL, bytes INTEGER NOT NULL);
    INSERT INTO journal_size VALUES (0, 0);
    CREATE TRIGGER journal_grows AFTER INSERT ON journal BEGIN
        UPDATE journal_size SET entries = entries + 1, bytes = bytes + new.size;
    END;
    CREATE TRIGGER journal_shrinks AFTER DELETE ON journal BEGIN
        UPDATE journal_size SET entries = entries - 1, bytes = bytes - old.size;
    END;
    CREATE TABLE journal_losses (account TEXT PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE journal_clearings (account TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, text TEXT NOT NULL);
    CREATE TABLE fault_version (version INTEGER NOT NULL);
    INSERT INTO fault_version VALUES (0);
    """,
)


class ExactSum:
    """The aggregate `exact_sum`: the sum of integers of any size, from texts to a text; null without one.

    As a window function it sums from the first row on.
    """

    def __init__(self) -> None:
        self._sum: int | None = None

    def step(self, term: object) -> None:
        """Add a term: a text of digits, or null."""
        if isinstance(term, str):
            self._sum = (self._sum or 0) + int(term)

    def inverse(self, term: object) -> None:
        """Remove a term."""
        if isinstance(term, str):
            self._sum = (self._sum or 0) - int(term)

    def value(self) -> str | None:
        """The sum so far."""
        return self.finalize()

    def finalize(self) -> str | None:
        """The sum."""
        return None if self._sum is None else str(self._sum)
