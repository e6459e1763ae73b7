"""New sessions in batches: those of one moment share one round trip and one commit.

Rule 1: while a batch is stored, new sessions gather for the next one. The number of statements is the same for any,
        so a batch also waits while each turn of the event loop brings another session.
Rule 2: the clocks are known from an earlier read. A batch is stored only if none has changed, as PostgreSQL compares
        under the locks of the batch; otherwise the clocks are read again, and the sessions are created anew.
Rule 3: if a batch cannot be stored, none of its sessions is. A session that cannot be created fails alone.
Rule 4: a connection that ends while a batch is stored is OutcomeUnknown: PostgreSQL may have stored it.
Rule 5: while PostgreSQL stores a batch, this server may do what nobody waits for.
Rule 6: a session that has waited for another batch has less time for its own; a batch has the time of its first one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import psycopg

from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable
from mockserver.store.key_hints import KeyHints
from mockserver.store.patience import seconds_left, spend
from mockserver.store.postgres.clocks.known import READ_CLOCKS, KnownClocks
from mockserver.store.postgres.connection.link import SILENT, DatabaseLink
from mockserver.store.postgres.connection.pool import SECONDS, LinkPool
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.sessions.rows import NUMBERS, RESERVE_NUMBERS, NumberedSession, insertion

if TYPE_CHECKING:
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.base import CreateSession

MOST: Final = 200
"""The sessions of a batch."""
_LEAST_SECONDS: Final = 0.05


class _NewSession(NamedTuple):
    account: str
    create: CreateSession
    deadline: float
    stored: asyncio.Future[CheckoutSession]


class SessionBatches:
    """Gathers new sessions and stores them."""

    def __init__(self, pool: LinkPool, keys: LockKeys, key_hints: KeyHints, while_waiting: Callable[[], None]) -> None:
        """`while_waiting` is called once a batch is on its way, and takes less time than storing it."""
        self._pool = pool
        self._keys = keys
        self._key_hints = key_hints
        self._while_waiting = while_waiting
        self._waiting: list[_NewSession] = []
        self._task: asyncio.Task[None] | None = None
        self._clocks: KnownClocks | None = None
        self._numbers = range(0)
        """The numbers of rows that are reserved for this server."""

    async def create_session(self, account: str, create: CreateSession) -> CheckoutSession:
        """Store a new session with the next batch. Raises StoreUnavailable or OutcomeUnknown."""
        loop = asyncio.get_running_loop()
        # one future each: a cancelled caller must not cancel the others
        began = loop.time()
        new = _NewSession(account, create, began + seconds_left(SECONDS), loop.create_future())
        self._waiting.append(new)
        if self._task is None or self._task.done():
            # two at a time would each be half as large, and cost as much as one
            self._task = loop.create_task(self._store_waiting())
        try:
            return await new.stored
        finally:
            spend(loop.time() - began)

    async def _store_waiting(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._store(batch)
            except (StoreUnavailable, OutcomeUnknown) as error:
                for new in batch:
                    if not new.stored.done():
                        new.stored.set_exception(error)
            except BaseException:
                for new in batch:
                    new.stored.cancel()
                raise

    async def _gather(self) -> None:
        known = 0
        while known < len(self._waiting) < MOST:
            known = len(self._waiting)
            await asyncio.sleep(0)

    async def _store(self, batch: Sequence[_NewSession]) -> None:
        deadline = min(new.deadline for new in batch)
        link = await self._pool.acquire(seconds=deadline - asyncio.get_running_loop().time())
        try:
            while not await self._try_store(link, batch, deadline):
                await self._read_clocks(link, deadline)
        except psycopg.Error as error:
            raise self._pool.unavailable(error) from error
        finally:
            self._pool.release(link)

    async def _try_store(self, link: DatabaseLink, batch: Sequence[_NewSession], deadline: float) -> bool:
        """Store the sessions of a batch; False if a clock has changed, or none is known yet."""
        clocks = self._clocks
        if clocks is None or len(self._numbers) < len(batch):
            return False
        numbers, self._numbers = self._numbers[: len(batch)], self._numbers[len(batch) :]
        sessions: list[NumberedSession] = []
        stored: list[_NewSession] = []
        for new, number in zip(batch, numbers, strict=True):
            if new.stored.done():  # cancelled, or failed before
                continue
            try:
                sessions.append(NumberedSession(new.create(clocks.clock(new.account), number), number))
                stored.append(new)
            except Exception as error:
                new.stored.set_exception(error)
        if not sessions:
            return True
        seconds = deadline - asyncio.get_running_loop().time()
        if seconds < _LEAST_SECONDS:  # an answer could hardly come: to send it would leave the outcome unknown
            raise psycopg.OperationalError(SILENT)
        try:
            insert = insertion(self._keys, sessions, clocks.version, self._key_hints)
            # the batch is sent before the next turn of the event loop
            asyncio.get_running_loop().call_soon(self._while_waiting)
            [[(count,)]] = await link.run([insert], seconds=seconds)
        except psycopg.Error as error:
            if link.is_broken:
                raise self._pool.outcome_unknown(error) from error
            raise
        if not count:
            return False
        for new, (session, _) in zip(stored, sessions, strict=True):
            if not new.stored.done():  # cancelled
                new.stored.set_result(session)
        return True

    async def _read_clocks(self, link: DatabaseLink, deadline: float) -> None:
        seconds = deadline - asyncio.get_running_loop().time()
        clocks, [(first,)] = await link.run([READ_CLOCKS, RESERVE_NUMBERS], seconds=seconds)
        self._clocks = KnownClocks.of(clocks)
        self._numbers = range(first, first + NUMBERS)
