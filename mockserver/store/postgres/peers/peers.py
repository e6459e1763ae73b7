"""The other servers of a schema: messages to them, and their knowledge of planned faults.

Rule 1: a server may know the waiting faults only while it listens. A notification of another's plan ends that at once.
Rule 2: each server holds a lock of the newest version of the plan that it has heard of. A new plan is announced, and
        its server waits until no lock of an older version is held: the fault then holds for the next request anywhere.
Rule 3: it waits a second at most. A server that is cut off from the database for longer cannot serve anyway.
Rule 4: the fault is stored before it is announced. So a failed announcement is OutcomeUnknown: nobody plans it again.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import psycopg

from mockserver.domain.errors import OutcomeUnknown, StoreUnavailable
from mockserver.store.postgres.connection.address import PostgresAddress
from mockserver.store.postgres.connection.link import DatabaseLink
from mockserver.store.postgres.connection.pool import SECONDS, LinkPool
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.peers.journal_rows import JournalRows
from mockserver.store.postgres.peers.listener import Listener

if TYPE_CHECKING:
    from mockserver.store.base import PeerListener

_FAULTS: Final = "faults "
_ENTRIES: Final = "entries"
_MESSAGE: Final = "message "
_MOST_SECONDS: Final = 1.0
_START_SECONDS: Final = 2.0
"""The longest time that a start waits for the first notifications; they may come later."""
_PAUSE_SECONDS: Final = 0.002
_ANNOUNCE: Final = (
    f"SELECT version, pg_notify($1, '{_FAULTS}' || version) FROM (SELECT nextval('fault_versions') AS version) AS next"
)
_NOTIFY: Final = "SELECT pg_notify($1, $2)"
_VERSION: Final = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM fault_versions"
_LOCK: Final = "SELECT pg_advisory_lock_shared($1::int, $2::int)"
_UNLOCK: Final = "SELECT pg_advisory_unlock_shared($1::int, $2::int)"
# locks with two numbers have them as unsigned in this view
_IS_BEHIND: Final = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = $1::bigint::oid AND objid::bigint < $2)"
)


class PostgresPeers:
    """See Peers."""

    def __init__(self, address: PostgresAddress, pool: LinkPool, keys: LockKeys) -> None:
        self._pool = pool
        self._keys = keys
        self._id = os.urandom(8).hex()
        self._hearer: PeerListener | None = None
        self.journal = JournalRows(pool, keys, (_NOTIFY, (keys.channel, _ENTRIES)))
        self._generation = 0
        self._listens = False
        self._ready = asyncio.Event()
        self._heard = 0
        self._locked: int | None = None
        self._listener = Listener(
            address,
            keys.channel,
            on_message=self._take,
            on_gap=self._catch_up,
            on_loss=self._lose,
            after_messages=self._move_lock,
        )

    @property
    def fault_generation(self) -> int | None:
        """See Peers.fault_generation."""
        return self._generation if self._listens else None

    async def start(self, listener: PeerListener) -> None:
        """See Peers.start."""
        self._hearer = listener
        self._listener.start()
        with suppress(TimeoutError):
            async with asyncio.timeout(_START_SECONDS):
                await self._ready.wait()

    async def stop(self) -> None:
        """See Peers.stop."""
        await self._listener.stop()

    def tell_of_wait(self) -> None:
        """Let this server do what nobody waits for."""
        if self._hearer is not None:
            self._hearer.use_wait()

    async def announce_fault(self) -> None:
        """See Peers.announce_fault."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _MOST_SECONDS
        key = self._keys.fault_versions % 2**32
        try:
            link = await self._pool.acquire(seconds=_MOST_SECONDS)
        except StoreUnavailable as error:
            raise OutcomeUnknown(error.message) from None
        try:
            [[(version, _)]] = await link.run([(_ANNOUNCE, (self._keys.channel,))], seconds=_MOST_SECONDS)
            while loop.time() < deadline:
                [[(is_behind,)]] = await link.run([(_IS_BEHIND, (key, version))], seconds=_MOST_SECONDS)
                if not is_behind:
                    return
                await asyncio.sleep(_PAUSE_SECONDS)
        except psycopg.Error as error:
            raise self._pool.outcome_unknown(error) from error
        finally:
            self._pool.release(link)

    async def send(self, messages: Sequence[str]) -> None:
        """See Peers.send."""
        channel = self._keys.channel
        link = await self._pool.acquire()
        try:
            statements = [(_NOTIFY, (channel, f"{_MESSAGE}{self._id} {message}")) for message in messages]
            await link.run(statements, seconds=SECONDS)
        except psycopg.Error as error:
            raise self._pool.unavailable(error) from error
        finally:
            self._pool.release(link)

    def _take(self, message: str) -> None:
        if self._hearer is not None:
            if message == _ENTRIES:
                self._hearer.take_entries()
            elif message.startswith(_MESSAGE):
                sender, _, text = message.removeprefix(_MESSAGE).partition(" ")
                if sender != self._id:
                    self._hearer.take_message(text)
        if message.startswith(_FAULTS):
            self._generation += 1
            self._heard = max(self._heard, int(message.removeprefix(_FAULTS)))

    async def _catch_up(self, link: DatabaseLink) -> None:
        self._locked = None
        [[(self._heard,)]] = await link.run([(_VERSION, ())], seconds=_MOST_SECONDS)
        await self._move_lock(link)
        self._generation += 1
        self._listens = True
        if self._ready.is_set() and self._hearer is not None:
            self._hearer.take_gap()
        self._ready.set()

    def _lose(self) -> None:
        self._listens = False

    async def _move_lock(self, link: DatabaseLink) -> None:
        if self._heard == self._locked:
            return
        key = self._keys.fault_versions
        before, self._locked = self._locked, self._heard
        statements = [(_LOCK, (key, self._locked))]
        if before is not None:
            statements.append((_UNLOCK, (key, before)))
        await link.run(statements, seconds=_MOST_SECONDS)
