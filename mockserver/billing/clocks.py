"""Clocks that tests move.

Rule 1: an account follows the common clock until a call with its key gives it a clock of its own.
Rule 2: a call without a key moves the common clock and every account's clock, all or none.
Rule 3: before a clock goes back, due sessions are stored as expired in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from mockserver.billing.checkout import expire_all_due
from mockserver.billing.events import EventBus
from mockserver.billing.system_clock import TimeSource
from mockserver.domain.clock import Clock, ClockFace

if TYPE_CHECKING:
    from mockserver.store import Store, Transaction

Move = Callable[[Clock, datetime], Clock]
"""A function of a clock and real time that returns the moved clock."""


class ClockReadings(NamedTuple):
    """The time on every clock at one moment."""

    common: datetime
    own: Mapping[str, datetime]

    def of(self, account: str) -> datetime:
        """The time on the account's clock: its own, or the common one."""
        return self.own.get(account, self.common)


class ClockFaces(NamedTuple):
    """The state of every clock at one moment. `own` are the clocks of accounts that have one of their own."""

    common: ClockFace
    own: Mapping[str, ClockFace]


class Clocks:
    """The use cases of clocks. `account` None reads the common clock, and moves all clocks."""

    def __init__(self, store: Store, real_time: TimeSource, *, bus: EventBus | None = None) -> None:
        self._store = store
        self._real_time = real_time
        self._bus = bus or EventBus()

    async def face(self, account: str | None) -> ClockFace:
        """The state of the account's clock."""
        async with self._store.transaction() as tx:
            return (await tx.clock(account)).face(self._real_time())

    async def time(self, account: str | None) -> datetime:
        """The time on the account's clock. Often it is known without a transaction."""
        return (await self._store.clock(account)).now(self._real_time())

    async def readings(self) -> ClockReadings:
        """The time on all clocks."""
        async with self._store.transaction() as tx:
            real_time = self._real_time()
            own = {account: clock.now(real_time) for account, clock in (await tx.own_clocks()).items()}
            return ClockReadings((await tx.clock(None)).now(real_time), own)

    async def faces(self) -> ClockFaces:
        """The state of all clocks."""
        async with self._store.transaction() as tx:
            real_time = self._real_time()
            own = {account: clock.face(real_time) for account, clock in (await tx.own_clocks()).items()}
            return ClockFaces((await tx.clock(None)).face(real_time), own)

    async def advance(self, account: str | None, by: timedelta) -> ClockFace:
        """Move the clock forward by a duration."""
        return await self._move(account, lambda clock, real_time: clock.advanced(by, real_time))

    async def set_to(self, account: str | None, instant: datetime) -> ClockFace:
        """Set the clock. Raises ClockMovesBack, and moves none, if a clock shows a later time already."""
        return await self._move(account, lambda clock, real_time: clock.set_to(instant, real_time))

    async def freeze(self, account: str | None) -> ClockFace:
        """Stop the clock."""
        return await self._move(account, Clock.frozen)

    async def resume(self, account: str | None) -> ClockFace:
        """Start a stopped clock again, from the time it shows."""
        return await self._move(account, Clock.resumed)

    async def reset(self, account: str | None) -> ClockFace:
        """Return the account to the common clock; None returns all to real time. Expired sessions stay expired."""
        async with self._store.transaction(exclusive=account is None) as tx:
            real_time = self._real_time()
            if account is None:
                await expire_all_due(tx, real_time)
            else:
                await tx.expire_due(account, (await tx.clock(account)).now(real_time))
            await tx.drop_clock(account)
            face = (await tx.clock(account)).face(real_time)
        self._bus.publish_clock(account, face)
        return face

    async def _move(self, account: str | None, move: Move) -> ClockFace:
        async with self._store.transaction(exclusive=account is None) as tx:
            real_time = self._real_time()
            moved = move(await tx.clock(account), real_time)
            if account is None:
                await _move_own(tx, move, real_time)
            else:
                await tx.open_account(account)
            await tx.put_clock(account, moved)
        face = moved.face(real_time)
        self._bus.publish_clock(account, face)
        return face


async def _move_own(tx: Transaction, move: Move, real_time: datetime) -> None:
    for account, clock in (await tx.own_clocks()).items():
        await tx.put_clock(account, move(clock, real_time))
