"""SQL of checkout sessions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from mockserver.domain.errors import SessionNotFound
from mockserver.domain.instant import EPOCH, milliseconds
from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.session import CheckoutSession, Status, carries_number, session_number
from mockserver.store import codec
from mockserver.store.key_hints import KeyHints
from mockserver.store.sqlite.accounts import AccountStatements
from mockserver.store.sqlite.numbering import newest, next_number
from mockserver.store.sqlite.rows import LARGEST

_SESSION: Final = "id, account, status, created_ms, expires_ms, completed_ms, record"
_NEW_SESSION: Final = (
    f"INSERT INTO sessions ({_SESSION}, number, seq, indexed)"
    f" VALUES (?, ?2, ?, ?, ?, ?, ?, {next_number('sessions')}, ?, ?)"
)
_PAGE_OF_ACCOUNT: Final = f"SELECT {_SESSION} FROM sessions {newest('sessions')}"
_BY_NUMBER: Final = "seq = ? AND id = ?"
_BY_ID: Final = "indexed = 1 AND id = ?"
# The time on the clock of a session's account. The parameters are the time on the common one, in milliseconds, and real
# time in microseconds.
_NOW: Final = (
    "CASE WHEN clocks.account IS NULL THEN ? ELSE coalesce(clocks.frozen_ms, (? + clocks.offset_us) / 1000) END"
)
_IN_STATE: Final = {
    Status.PENDING: f"status = 'pending' AND expires_ms > {_NOW}",
    Status.EXPIRED: f"(status = 'expired' OR status = 'pending' AND expires_ms <= {_NOW})",
}
_JOINED: Final = _SESSION.replace("account", "sessions.account")


class SessionStatements(AccountStatements):
    """See Transaction.

    The row of a session is found by its number, which the id carries, so most ids need no index: an index of random
    texts costs a page of the file for each new session. Other ids are in a partial index.
    """

    def __init__(self, db: sqlite3.Connection, key_hints: KeyHints) -> None:
        super().__init__(db, key_hints)
        self.known_session_number: int | None = None
        """The number of the next session's row; None if the file must be asked."""

    def forget_known(self) -> None:
        """Forget the accounts, the clocks and the number of the next session."""
        super().forget_known()
        self.known_session_number = None

    async def next_session_number(self) -> int:
        """The number of the next session's row."""
        if self.known_session_number is None:
            (last,) = self._execute("SELECT coalesce(max(seq), 0) FROM sessions").fetchone()
            self.known_session_number = last + 1
        return self.known_session_number

    async def add_session(self, session: CheckoutSession) -> None:
        await self.open_account(session.account)
        self.append_session(session, await self.next_session_number())

    def append_session(self, session: CheckoutSession, number: int) -> None:
        """Let a new session of an existing account wait for the next statement or commit."""
        self.known_session_number = number + 1
        self._add(
            _NEW_SESSION,
            (
                session.id,
                session.account,
                session.status.value,
                milliseconds(session.created_at),
                milliseconds(session.expires_at),
                codec.encode_optional_instant(session.completed_at),
                codec.encode_session(session.order, session.attempts, session.buyer),
                number,
                not carries_number(session.id, number),
            ),
        )

    async def session(self, session_id: str) -> CheckoutSession:
        for where, parameters in _places(session_id):
            row = self._execute(f"SELECT {_SESSION} FROM sessions WHERE {where}", parameters).fetchone()
            if row is not None:
                return _session(*row)
        raise SessionNotFound.named(session_id)

    async def put_session(self, session: CheckoutSession) -> None:
        self._update(
            session.id,
            "status = ?, completed_ms = ?, record = ?",
            session.status.value,
            codec.encode_optional_instant(session.completed_at),
            codec.encode_session(session.order, session.attempts, session.buyer),
        )

    async def expire(self, names: Sequence[str]) -> None:
        for name in names:
            self._update(name, "status = 'expired'")

    def _update(self, name: str, changes: str, *values: object) -> None:
        for where, parameters in _places(name):
            if self._execute(f"UPDATE sessions SET {changes} WHERE {where}", (*values, *parameters)).rowcount:
                return

    async def sessions(
        self,
        *,
        account: str | None,
        status: Status | None = None,
        at: datetime | None = None,
        part: str = "",
        limit: int,
        offset: int,
    ) -> Sequence[CheckoutSession]:
        offset = min(offset, LARGEST)
        if account is not None and status is None and not part:
            rows = self._execute(_PAGE_OF_ACCOUNT, (account, offset, limit))
            return [_session(*row) for row in rows]
        state, times = ("true", ()) if status is None else await self._state(status, at)
        # the numbers of an account are in the order of its rows, and have an index
        of_account = "" if account is None else " AND sessions.account = ?"
        with_part = " AND instr(sessions.id, ?)" if part else ""
        order = "seq" if account is None else "number"
        rows = self._execute(
            f"SELECT {_JOINED} FROM sessions LEFT JOIN clocks ON clocks.account = sessions.account"
            f" WHERE {state}{of_account}{with_part} ORDER BY {order} DESC LIMIT ? OFFSET ?",
            (*times, *(() if account is None else (account,)), *([part] if part else ()), limit, offset),
        )
        return [_session(*row) for row in rows]

    async def _state(self, status: Status, at: datetime | None) -> tuple[str, tuple[int, ...]]:
        """The condition of rows with a status at a real time, and its parameters."""
        if at is None or status is Status.COMPLETED:
            return f"status = '{status.value}'", ()
        common = milliseconds((await self.clock(None)).now(at))
        return _IN_STATE[status], (common, (at - EPOCH) // timedelta(microseconds=1))

    async def expire_due(self, account: str, now: datetime) -> None:
        self._execute(
            "UPDATE sessions SET status = 'expired' WHERE status = 'pending' AND account = ? AND expires_ms <= ?",
            (account, milliseconds(now)),
        )

    async def expire_followers(self, now: datetime) -> None:
        self._execute(
            "UPDATE sessions SET status = 'expired' WHERE status = 'pending' AND expires_ms <= ?"
            " AND account NOT IN (SELECT account FROM clocks)",
            (milliseconds(now),),
        )


def _places(session_id: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The conditions that find the row of an id, the most likely one first, with their parameters."""
    number = session_number(session_id)
    if number is not None:
        yield _BY_NUMBER, (number, session_id)
    yield _BY_ID, (session_id,)


def _session(
    name: str, account: str, status: str, created: int, expires: int, completed: int | None, text: str
) -> CheckoutSession:
    order, attempts, buyer = codec.decode_session(text)
    return CheckoutSession(
        id=name,
        account=account,
        order=order,
        created_at=instant(created),
        expires_at=instant(expires),
        status=Status(status),
        completed_at=codec.decode_instant(completed),
        attempts=attempts,
        buyer=buyer,
    )
