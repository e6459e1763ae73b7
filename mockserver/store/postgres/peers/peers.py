"""The other servers of a schema, and what they know of planned faults.

Rule 1: a server may know the waiting faults only while it listens. A notification of another's plan ends that at once.
Rule 2: each server holds a lock of the newest version of the plan that it has heard of. A new plan is announced, and
        its server waits until no lock of an older version is held: the fault then holds for the next request anywhere.
Rule 3: it waits a second at most. A server that is cut off from the database for longer cannot serve anyway.
"""

from __future__ import annotations

import asyncio
from typing import Final

import psycopg

from mockserver.store.postgres.connection.address import PostgresAddress
from mockserver.store.postgres.connection.link import DatabaseLink
from mockserver.store.postgres.connection.pool import LinkPool
from mockserver.store.postgres.locks import LockKeys
from mockserver.store.postgres.peers.listener import Listener

_FAULTS: Final = "faults "
_MOST_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 0.002
_ANNOUNCE: Final = (
    f"SELECT version, pg_notify($1, '{_FAULTS}' || version) FROM (SELECT nextval('fault_versions') AS version) AS next"
)
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
        self._generation = 0
        self._listens = False
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

    async def start(self) -> None:
        """See Peers.start."""
        self._listener.start()

    async def stop(self) -> None:
        """See Peers.stop."""
        await self._listener.stop()

    async def announce_fault(self) -> None:
        """See Peers.announce_fault."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _MOST_SECONDS
        link = await self._pool.acquire()
        try:
            [[(version, _)]] = await link.run([(_ANNOUNCE, (self._keys.channel,))], seconds=_MOST_SECONDS)
            while loop.time() < deadline:
                [[(is_behind,)]] = await link.run(
                    [(_IS_BEHIND, (self._keys.fault_versions % 2**32, version))], seconds=_MOST_SECONDS
                )
                if not is_behind:
                    return
                await asyncio.sleep(_PAUSE_SECONDS)
        except psycopg.Error as error:
            raise self._pool.unavailable(error) from error
        finally:
            self._pool.release(link)

    def _take(self, message: str) -> None:
        if message.startswith(_FAULTS):
            self._generation += 1
            self._heard = max(self._heard, int(message.removeprefix(_FAULTS)))

    async def _catch_up(self, link: DatabaseLink) -> None:
        self._locked = None
        [[(self._heard,)]] = await link.run([(_VERSION, ())], seconds=_MOST_SECONDS)
        await self._move_lock(link)
        self._generation += 1
        self._listens = True

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
