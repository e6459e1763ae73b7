"""SQL of checkout sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from mockserver.domain.errors import SessionNotFound
from mockserver.domain.instant import EPOCH, milliseconds
from mockserver.domain.instant import from_milliseconds as instant
from mockserver.domain.session import CheckoutSession, Status, session_number
from mockserver.store import codec
from mockserver.store.postgres.accounts import ACCOUNT, CLOCKS, LARGEST, AccountQueries
from mockserver.store.postgres.text import escape, number_array, text_array, unescape

_SESSION: Final = "id, account, status, created_ms, expires_ms, completed_ms, record"
_NO_NUMBER: Final = -1
# A row is found by the number that its id carries; ids without one are in an index. $1 is the number, $2 the id.
_PLACE: Final = (
    f"SELECT {_SESSION} FROM sessions WHERE seq = $1 AND id = $2"
    f" UNION ALL SELECT {_SESSION} FROM sessions WHERE is_indexed AND id = $2"
)
_LOCK_OWNER: Final = (
    "SELECT pg_advisory_xact_lock(hashtextextended(account, $3)) FROM (SELECT account"
    f" FROM ({_PLACE}) AS found LIMIT 1) AS named"
)
_LOAD: Final = (
    f"SELECT {', '.join(f'named.{column}' for column in _SESSION.split(', '))}, {ACCOUNT} FROM ({_PLACE}) AS named"
    f" LEFT JOIN accounts ON accounts.id = named.account{CLOCKS}"
)
_PUT: Final = (
    "UPDATE sessions SET status = $3, completed_ms = $4, record = $5"
    " WHERE (seq = $1 AND id = $2) OR (is_indexed AND id = $2)"
)
_ADD: Final = (
    "WITH counted AS (UPDATE accounts SET sessions = sessions + 1 WHERE id = $2 RETURNING sessions)"
    f" INSERT INTO sessions (seq, {_SESSION}, number, is_indexed)"
    " SELECT nextval('session_numbers'), $1, $2, $3, $4, $5, $6, $7, sessions, true FROM counted"
)
_PAGE_OF_ACCOUNT: Final = (
    f"SELECT {_SESSION} FROM sessions WHERE account = $1"
    " AND number <= (SELECT sessions FROM accounts WHERE id = $1) - $2 ORDER BY number DESC LIMIT $3"
)
# The time on the clock of a session's account: $3 is the time on the common one, in milliseconds, and $4 is real time
# in microseconds.
_NOW: Final = (
    "CASE WHEN clocks.account IS NULL THEN $3 ELSE coalesce(clocks.frozen_ms, ($4 + clocks.offset_us) / 1000) END"
)
_IN_STATE: Final = {
    Status.PENDING: f"status = 'pending' AND expires_ms > {_NOW}",
    Status.EXPIRED: f"(status = 'expired' OR status = 'pending' AND expires_ms <= {_NOW})",
}
_JOINED: Final = _SESSION.replace("account", "sessions.account")
_EXPIRE_NAMED: Final = (
    "UPDATE sessions SET status = 'expired'"
    " WHERE (seq = ANY ($1::text::bigint[]) AND id = ANY ($2::text[])) OR (is_indexed AND id = ANY ($2::text[]))"
)
_EXPIRE: Final = "UPDATE sessions SET status = 'expired' WHERE status = 'pending' AND expires_ms <= $1"


class SessionQueries(AccountQueries):
    """See Transaction."""

    async def add_session(self, session: CheckoutSession) -> None:
        await self.open_account(session.account)
        self._later(_ADD, *encoded(session))

    async def session(self, session_id: str) -> CheckoutSession:
        place = place_of(session_id)
        lock = () if self._is_exclusive else ((_LOCK_OWNER, (*place, self._keys.accounts)),)
        *_, rows = await self._fetch(*lock, (_LOAD, place))
        if not rows:
            raise SessionNotFound.named(session_id)
        session = _session(*rows[0][:7])
        if session.account not in self._states:
            self._know_account(session.account, *rows[0][7:])
        return session

    async def put_session(self, session: CheckoutSession) -> None:
        completed = codec.encode_optional_instant(session.completed_at)
        record = codec.encode_session(session.order, session.attempts, session.buyer)
        self._later(_PUT, *place_of(session.id), session.status.value, completed, record)

    async def expire(self, names: Sequence[str]) -> None:
        numbers, texts = zip(*map(place_of, names), strict=True) if names else ((), ())
        self._later(_EXPIRE_NAMED, number_array(numbers), text_array(texts))

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
        if account is not None:
            await self._account(account)
            if status is None and not part:
                [rows] = await self._fetch((_PAGE_OF_ACCOUNT, (escape(account), offset, limit)))
                return [_session(*row) for row in rows]
        state, values = ("true", ()) if status is None else await self._state(status, at)
        parameters: list[object] = [limit, offset, *values]
        of_account = ""
        if account is not None:
            parameters.append(escape(account))
            of_account = f" AND sessions.account = ${len(parameters)}"
        with_part = ""
        if part:
            parameters.append(escape(part))
            with_part = f" AND position(${len(parameters)}::text IN sessions.id) > 0"
        # the numbers of an account are in the order of its rows, and have an index
        order = "place" if account is None else "number"
        sql = (
            f"SELECT {_JOINED} FROM sessions LEFT JOIN clocks ON clocks.account = sessions.account"
            f" WHERE {state}{of_account}{with_part} ORDER BY {order} DESC LIMIT $1 OFFSET $2"
        )
        [rows] = await self._fetch((sql, parameters))
        return [_session(*row) for row in rows]

    async def _state(self, status: Status, at: datetime | None) -> tuple[str, tuple[int, ...]]:
        """The condition of rows with a status at a real time, and its parameters."""
        if at is None or status is Status.COMPLETED:
            return f"status = '{status.value}'", ()
        common = milliseconds((await self.clock(None)).now(at))
        return _IN_STATE[status], (common, (at - EPOCH) // timedelta(microseconds=1))

    async def expire_due(self, account: str, now: datetime) -> None:
        await self._account(account)
        self._allow_long()
        self._later(f"{_EXPIRE} AND account = $2", milliseconds(now), escape(account))

    async def expire_followers(self, now: datetime) -> None:
        self._lock_everything()
        self._allow_long()
        self._later(f"{_EXPIRE} AND account NOT IN (SELECT account FROM clocks)", milliseconds(now))


def encoded(session: CheckoutSession) -> tuple[str, str, str, int, int, int | None, str]:
    """The columns of a new session, but for its numbers."""
    return (
        escape(session.id),
        escape(session.account),
        session.status.value,
        milliseconds(session.created_at),
        milliseconds(session.expires_at),
        codec.encode_optional_instant(session.completed_at),
        codec.encode_session(session.order, session.attempts, session.buyer),
    )


def place_of(session_id: str) -> tuple[int, str]:
    """The number that an id carries, or one that no row has, and the id as it is stored."""
    number = session_number(session_id)
    return (_NO_NUMBER if number is None else number, escape(session_id))


def _session(
    name: str, account: str, status: str, created: int, expires: int, completed: int | None, text: str
) -> CheckoutSession:
    order, attempts, buyer = codec.decode_session(text)
    return CheckoutSession(
        id=unescape(name),
        account=unescape(account),
        order=order,
        created_at=instant(created),
        expires_at=instant(expires),
        status=Status(status),
        completed_at=codec.decode_instant(completed),
        attempts=attempts,
        buyer=buyer,
    )
