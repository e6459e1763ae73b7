"""SQL of what the processes that share a file tell each other: the journal, messages and the version of the faults.

Rule 1: an id is never given twice, so a reader that has seen an id has seen all smaller ones.
Rule 2: the bounds hold after each addition. Triggers count the entries and their bytes.
Rule 3: an entry that was recorded before its account was cleared, and comes later, is not added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from mockserver.store.sqlite.rows import Statements

MOST_MESSAGES: Final = 1_000
"""The messages that are kept. A process that is further behind has missed some."""
_NOBODY: Final = ""
"""The account of an exchange without one."""
_ALL: Final = "*"
"""The account of losses and clearings of all."""
_ADD: Final = (
    "INSERT INTO journal (account, size, record) SELECT ?1, ?3, ?4 WHERE NOT EXISTS"
    f" (SELECT 1 FROM journal_clearings WHERE account IN (?1, '{_ALL}') AND at_ms > ?2)"
)
_SURPLUS_OF_ACCOUNT: Final = "SELECT id FROM journal WHERE account = ? ORDER BY id DESC LIMIT 1 OFFSET ?"
_LOSE: Final = "INSERT INTO journal_losses VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET id = max(id, excluded.id)"
_CLEAR: Final = (
    "INSERT INTO journal_clearings VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)"
)
_NEWEST: Final = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)"


class Message(NamedTuple):
    """A message of a process, and its number."""

    number: int
    sender: str
    text: str


class SharingStatements(Statements):
    """Statements beside those of Transaction.

    Messages and numbers may be read between transactions, too. New sessions may wait then, so they are left alone.
    """

    def add_journal_rows(self, rows: Iterable[tuple[str | None, int, int, str]], bounds: tuple[int, int, int]) -> None:
        """See PeerJournal.add_rows."""
        per_account, in_all, max_bytes = bounds
        accounts = set()
        for account, at_ms, size, record in rows:
            accounts.add(_name(account))
            self._execute(_ADD, (_name(account), at_ms, size, record))
        for name in accounts:
            surplus = self._execute(_SURPLUS_OF_ACCOUNT, (name, per_account)).fetchone()
            if surplus is not None:
                self._execute("DELETE FROM journal WHERE account = ? AND id <= ?", (name, *surplus))
                self._execute(_LOSE, (name, *surplus))
        last = self._last_surplus(in_all, max_bytes)
        if last is not None:
            self._execute("DELETE FROM journal WHERE id <= ?", (last,))
            self._execute(_LOSE, (_ALL, last))

    def journal_rows(
        self, account: str | None, *, after: int, before: int | None, newest_first: bool, limit: int
    ) -> Sequence[tuple[int, str]]:
        """See PeerJournal.rows."""
        of_account, order = "" if account is None else " AND account = ?4", "DESC" if newest_first else "ASC"
        rows = self._execute(
            "SELECT id, record FROM journal WHERE id > ?1 AND (?2 IS NULL OR id < ?2)"
            f"{of_account} ORDER BY id {order} LIMIT ?3",
            (after, before, limit, *(() if account is None else (_name(account),))),
        )
        return rows.fetchall()

    def newest_journal_row(self) -> int:
        """See PeerJournal.newest_row."""
        return self._number(_NEWEST, ("journal",))

    def lost_journal_row(self, account: str | None) -> int:
        """See PeerJournal.lost_row."""
        return self._number(
            f"SELECT coalesce(max(id), 0) FROM journal_losses WHERE ?1 IS NULL OR account IN (?1, '{_ALL}')",
            (None if account is None else _name(account),),
        )

    def delete_journal_rows(self, account: str | None, at_ms: int) -> None:
        """See PeerJournal.delete_rows."""
        if account is None:
            for table in ("journal", "journal_clearings"):
                self._execute(f"DELETE FROM {table}")
            self._execute(f"DELETE FROM journal_losses WHERE account <> '{_ALL}'")
        else:
            for table in ("journal", "journal_losses"):
                self._execute(f"DELETE FROM {table} WHERE account = ?", (_name(account),))
        self._execute(_CLEAR, (_ALL if account is None else _name(account), at_ms))

    def add_messages(self, sender: str, texts: Iterable[str]) -> None:
        """Add messages, and delete the oldest ones."""
        for text in texts:
            self._execute("INSERT INTO messages (sender, text) VALUES (?, ?)", (sender, text))
        self._execute("DELETE FROM messages WHERE id <= ?", (self.newest_message() - MOST_MESSAGES,))

    def messages(self, after: int) -> Sequence[Message]:
        """The messages after a number, oldest first."""
        rows = self._db.execute("SELECT id, sender, text FROM messages WHERE id > ? ORDER BY id", (after,))
        return [Message(*row) for row in rows]

    def newest_message(self) -> int:
        """The number of the latest message; 0 before the first."""
        return self._number(_NEWEST, ("messages",))

    def fault_version(self) -> int:
        """The number of times that `count_fault` was called."""
        return self._number("SELECT version FROM fault_version")

    def count_fault(self) -> None:
        """Let the faults have another version."""
        self._execute("UPDATE fault_version SET version = version + 1")

    def _last_surplus(self, in_all: int, max_bytes: int) -> int | None:
        """The id of the latest entry that must go, so that all others are within the bounds."""
        last: int | None = None
        left, size = self._db.execute("SELECT entries, bytes FROM journal_size").fetchone()
        for number, freed in self._db.execute("SELECT id, size FROM journal ORDER BY id"):
            if left <= in_all and (size <= max_bytes or left == 1):
                break
            last, left, size = number, left - 1, size - freed
        return last

    def _number(self, sql: str, parameters: tuple[object, ...] = ()) -> int:
        number: int = self._db.execute(sql, parameters).fetchone()[0]
        return number


def _name(account: str | None) -> str:
    return _NOBODY if account is None else account
