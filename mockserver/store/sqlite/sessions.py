"""SQL of checkout sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from mockserver.domain.errors import SessionNotFound
from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.instant import milliseconds
from mockserver.domain.session import CheckoutSession, Status
from mockserver.store.sqlite import codec
from mockserver.store.sqlite.accounts import AccountStatements
from mockserver.store.sqlite.numbering import newest, next_number
from mockserver.store.sqlite.rows import LARGEST

_SESSION: Final = "id, account, status, created_ms, expires_ms, completed_ms, record"
_NEW_SESSION: Final = (
    f"INSERT INTO sessions ({_SESSION}, number) VALUES (?, ?2, ?, ?, ?, ?, ?, {next_number('sessions')})"
)
_PAGE_OF_ACCOUNT: Final = f"SELECT {_SESSION} FROM sessions {newest('sessions')}"


class SessionStatements(AccountStatements):
    """See Transaction."""

    async def add_session(self, session: CheckoutSession) -> None:
        await self.open_account(session.account)
        self.append_session(session)

    def append_session(self, session: CheckoutSession) -> None:
        """Let a new session of an existing account wait for the next statement or commit."""
        self._add(
            _NEW_SESSION,
            (
                session.id,
                session.account,
                session.status.value,
                milliseconds(session.created_at),
                milliseconds(session.expires_at),
                None,
                codec.encode_session(session.order, session.attempts),
            ),
        )

    async def session(self, session_id: str) -> CheckoutSession:
        row = self._execute(f"SELECT {_SESSION} FROM sessions WHERE id = ?", (session_id,)).fetchone()
        if row is None:
            raise SessionNotFound.named(session_id)
        return _session(*row)

    async def put_session(self, session: CheckoutSession) -> None:
        completed = None if session.completed_at is None else milliseconds(session.completed_at)
        self._execute(
            "UPDATE sessions SET status = ?, completed_ms = ?, record = ? WHERE id = ?",
            (session.status.value, completed, codec.encode_session(session.order, session.attempts), session.id),
        )

    async def sessions(
        self, *, account: str | None, status: Status | None = None, limit: int, offset: int
    ) -> Sequence[CheckoutSession]:
        if account is not None and status is None:
            rows = self._execute(_PAGE_OF_ACCOUNT, (account, min(offset, LARGEST), limit))
            return [_session(*row) for row in rows]
        filters = {"account = ?": account, "status = ?": status.value if status else None}
        conditions = {column: value for column, value in filters.items() if value is not None}
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = self._execute(
            f"SELECT {_SESSION} FROM sessions {where} ORDER BY seq DESC LIMIT ? OFFSET ?",
            (*conditions.values(), limit, min(offset, LARGEST)),
        )
        return [_session(*row) for row in rows]

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


def _session(
    name: str, account: str, status: str, created: int, expires: int, completed: int | None, text: str
) -> CheckoutSession:
    order, attempts = codec.decode_session(text)
    return CheckoutSession(
        id=name,
        account=account,
        order=order,
        created_at=instant(created),
        expires_at=instant(expires),
        status=Status(status),
        completed_at=codec.decode_instant(completed),
        attempts=attempts,
    )
