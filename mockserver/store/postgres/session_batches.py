"""New sessions in batches: those of one moment share two round trips and one commit.

Rule 1: while a batch is stored, new sessions gather for the next one. Its number of statements does not depend on them.
Rule 2: a batch locks its accounts and reads their clocks, so no clock moves between the time of a session and its row.
Rule 3: if a batch cannot be stored, none of its sessions is. A session that cannot be created fails alone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

import psycopg

from mockserver.domain.clock import Clock
from mockserver.domain.errors import StoreUnavailable
from mockserver.domain.session import session_number
from mockserver.store import codec
from mockserver.store.postgres.accounts import CLOCKS
from mockserver.store.postgres.connection.link import Rows, Statement
from mockserver.store.postgres.connection.pool import SECONDS, LinkPool
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.round_trips import BEGIN, COMMIT, ROLLBACK
from mockserver.store.postgres.sessions import encoded
from mockserver.store.postgres.text import escape, number_array, text_array

if TYPE_CHECKING:
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession

MOST: Final = 200
"""The sessions of a batch."""
_AT_ONCE: Final = 2
"""The batches that are stored at a time: the next one begins while one waits for the disk."""
# Opens the accounts, counts their new sessions, and returns the counts and the clocks.
_OPEN: Final = (
    "WITH named AS (INSERT INTO accounts (id, sessions)"
    " SELECT name, count FROM unnest($1::text[], $2::text::bigint[]) AS new (name, count) ORDER BY name"
    " ON CONFLICT (id) DO UPDATE SET sessions = accounts.sessions + excluded.sessions"
    " RETURNING id AS account, sessions)"
    " SELECT named.account, named.sessions,"
    " coalesce(own.offset_us, common.offset_us, 0),"
    " CASE WHEN own.account IS NULL THEN common.frozen_ms ELSE own.frozen_ms END"
    f" FROM named{CLOCKS}"
)
_NUMBERS: Final = "SELECT nextval('session_numbers') FROM generate_series(1, $1)"
_ADD: Final = (
    "INSERT INTO sessions (id, account, status, created_ms, expires_ms, completed_ms, record, number, seq, is_indexed)"
    " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text::bigint[], $5::text::bigint[],"
    " $6::text::bigint[], $7::text[], $8::text::bigint[], $9::text::bigint[], $10::text::boolean[])"
)


class _NewSession(NamedTuple):
    account: str
    create: CreateSession
    stored: asyncio.Future[CheckoutSession]


class SessionBatches:
    """Gathers new sessions and stores them."""

    def __init__(self, pool: LinkPool, keys: LockKeys) -> None:
        self._pool = pool
        self._keys = keys
        self._waiting: list[_NewSession] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """Store a new session with the next batch. Raises StoreUnavailable."""
        loop = asyncio.get_running_loop()
        # one future each: a cancelled caller must not cancel the others
        new = _NewSession(account, create, loop.create_future())
        self._waiting.append(new)
        if len(self._tasks) < _AT_ONCE:
            task = loop.create_task(self._store_waiting())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await new.stored

    async def _store_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            await self._store_all(batch)

    async def _store_all(self, batch: Sequence[_NewSession]) -> None:
        """Store a batch, and let its callers know of a failure."""
        try:
            if batch:
                await self._store(batch)
        except StoreUnavailable as error:
            for new in batch:
                if not new.stored.done():
                    new.stored.set_exception(error)
        except BaseException:
            for new in batch:
                new.stored.cancel()
            raise

    async def _store(self, batch: Sequence[_NewSession]) -> None:
        time = asyncio.get_running_loop().time
        deadline = time() + SECONDS
        link, (*_, opened, numbers) = await self._pool.begin(self._opening(batch), seconds=SECONDS)
        try:
            sessions = _create(batch, opened, [number for (number,) in numbers])
            if len(sessions) < len(batch):
                # the counts of the accounts include those that failed
                await link.run([ROLLBACK], seconds=deadline - time())
            else:
                await link.run([_insertion(sessions), COMMIT], seconds=deadline - time())
        except psycopg.Error as error:
            raise self._pool.unavailable(error) from error
        finally:
            self._pool.release(link)
        if len(sessions) < len(batch):
            await self._store_all([new for new in batch if not new.stored.done()])
            return
        for new, (session, _, _) in zip(batch, sessions, strict=True):
            if not new.stored.done():  # cancelled
                new.stored.set_result(session)

    def _opening(self, batch: Sequence[_NewSession]) -> list[Statement]:
        counts = Counter(escape(new.account) for new in batch)
        names = text_array(counts)
        return [
            BEGIN,
            self._keys.lock_everything(exclusive=False),
            self._keys.lock_accounts(names),
            (_OPEN, (names, number_array(counts.values()))),
            (_NUMBERS, (len(batch),)),
        ]


def _create(
    batch: Sequence[_NewSession], opened: Rows, numbers: Sequence[int]
) -> list[tuple[CheckoutSession, int, int]]:
    """The sessions, each with its number in the account and that of its row. One that fails is left out."""
    clocks = {
        name: Clock(timedelta(microseconds=offset), codec.decode_instant(frozen)) for name, _, offset, frozen in opened
    }
    counts = Counter(escape(new.account) for new in batch)
    next_numbers = {name: last - counts[name] + 1 for name, last, _, _ in opened}
    sessions = []
    for new, row in zip(batch, numbers, strict=True):
        name = escape(new.account)
        number, next_numbers[name] = next_numbers[name], next_numbers[name] + 1
        try:
            sessions.append((new.create(clocks[name], row), number, row))
        except Exception as error:
            if not new.stored.done():
                new.stored.set_exception(error)
    return sessions


def _insertion(sessions: Sequence[tuple[CheckoutSession, int, int]]) -> Statement:
    rows = [encoded(session) for session, _, _ in sessions]
    names, accounts, states, created, expires, completed, records = zip(*rows, strict=True)
    indexed = "{" + ",".join("f" if session_number(each.id) == row else "t" for each, _, row in sessions) + "}"
    return (
        _ADD,
        (
            text_array(names),
            text_array(accounts),
            text_array(states),
            number_array(created),
            number_array(expires),
            number_array(completed),
            text_array(records),
            number_array(number for _, number, _ in sessions),
            number_array(row for _, _, row in sessions),
            indexed,
        ),
    )
