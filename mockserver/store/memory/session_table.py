"""The sessions of the store in memory, by id.

Rule 1: the newest sessions are objects: most reads ask for these. An older one is packed when a new one is added.
Rule 2: the table has the order in which the sessions were added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from mockserver.domain.session import CheckoutSession, Status
from mockserver.store.memory.packed_session import Row, account_of, expired, pack, status_of, unpack

RECENT: Final = 1_000
"""The largest number of sessions that are kept as objects."""


class SessionTable:
    """All sessions, by id."""

    def __init__(self, *, most_recent: int = RECENT) -> None:
        self._rows: dict[str, Row] = {}
        self._recent: list[str] = []
        self._most_recent = most_recent

    def __getitem__(self, name: str) -> CheckoutSession:
        row = self._rows[name]
        return unpack(name, row) if isinstance(row, bytes) else row

    def __reversed__(self) -> Iterator[str]:
        """The ids, newest first."""
        return reversed(self._rows)

    def account(self, name: str) -> str:
        """The account of a session."""
        return account_of(self._rows[name])

    def status(self, name: str, now_ms: int | None) -> Status:
        """The status of a session at a time; None means the stored one."""
        return status_of(self._rows[name], now_ms)

    def add(self, session: CheckoutSession) -> None:
        """Add a session as the newest one."""
        self._rows[session.id] = session
        self._recent.append(session.id)
        if len(self._recent) > self._most_recent:
            self._pack_oldest()

    def replace(self, session: CheckoutSession) -> Mapping[str, Row]:
        """Put a session in the place of the one with its id, and return that one for `restore`. Raises KeyError."""
        before = self._rows[session.id]
        self._rows[session.id] = pack(session) if isinstance(before, bytes) else session
        return {session.id: before}

    def expire_due(self, names: Iterable[str], now_ms: int) -> Mapping[str, Row]:
        """Let the pending ones of these sessions that are due expire, and return them as they were for `restore`."""
        rows = self._rows
        pending = [name for name in names if status_of(rows[name], None) is Status.PENDING]
        return self.expire([name for name in pending if status_of(rows[name], now_ms) is Status.EXPIRED])

    def expire(self, names: Iterable[str]) -> Mapping[str, Row]:
        """Let these sessions expire, and return them as they were for `restore`."""
        before = {name: self._rows[name] for name in names}
        self._rows.update({name: expired(row) for name, row in before.items()})
        return before

    def restore(self, before: Mapping[str, Row]) -> None:
        """Put back what `replace` or `expire` has returned."""
        self._rows.update(before)

    def remove(self, name: str) -> None:
        """Remove a session."""
        del self._rows[name]

    def without(self, names: Collection[str]) -> SessionTable:
        """Another table, without these sessions."""
        table = SessionTable(most_recent=self._most_recent)
        table._rows = {name: row for name, row in self._rows.items() if name not in names}
        table._recent = [name for name in self._recent if name not in names]
        return table

    def emptied(self) -> SessionTable:
        """Another table, without any session."""
        return SessionTable(most_recent=self._most_recent)

    def _pack_oldest(self) -> None:
        # a tenth at a time, in less than half a millisecond: one at a time costs twice as much
        at_once = max(1, self._most_recent // 10)
        rows, names = self._rows, self._recent[:at_once]
        del self._recent[:at_once]
        for name in names:
            row = rows.get(name)
            if row is not None and not isinstance(row, bytes):  # it may have been removed
                rows[name] = pack(row)
