"""Clocks, moved by tests.

Rule 1: an account follows the common clock until a call of its own gives it its own.
Rule 2: what is said without an account is said to the common clock and to every own one, all or none.
Rule 3: before a clock is lowered, what is due by it is kept as expired, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from mockserver.billing.checkout import expire_all_due
from mockserver.billing.events import News
from mockserver.billing.system_clock import Wall
from mockserver.domain.clock import Clock, ClockFace

if TYPE_CHECKING:
    from mockserver.store import Store, Transaction

Move = Callable[[Clock, datetime], Clock]
"""A way to move a clock, told real time."""


class Times(NamedTuple):
    """What every clock shows at one moment."""

    common: datetime
    own: Mapping[str, datetime]

    def of(self, account: str) -> datetime:
        """The time an account goes by."""
        return self.own.get(account, self.common)


class Clocks:
    """Shows and moves the common clock and those of accounts. `account` None: the common one, and all."""

    def __init__(self, store: Store, wall: Wall, *, news: News | None = None) -> None:
        self._store = store
        self._wall = wall
        self._news = news or News()

    async def face(self, account: str | None) -> ClockFace:
        """What the account's clock shows."""
        async with self._store.transaction() as tx:
            return (await tx.clock(account)).face(self._wall())

    async def times(self) -> Times:
        """What all clocks show."""
        async with self._store.transaction() as tx:
            wall = self._wall()
            own = {account: clock.now(wall) for account, clock in (await tx.own_clocks()).items()}
            return Times((await tx.clock(None)).now(wall), own)

    async def advance(self, account: str | None, by: timedelta) -> ClockFace:
        """Move forward by a duration."""
        return await self._move(account, lambda clock, wall: clock.advanced(by, wall))

    async def set_to(self, account: str | None, instant: datetime) -> ClockFace:
        """Set to an instant; raises ClockMovesBack, with none moved, where a clock is later already."""
        return await self._move(account, lambda clock, wall: clock.set_to(instant, wall))

    async def freeze(self, account: str | None) -> ClockFace:
        """Make time stand still."""
        return await self._move(account, Clock.frozen)

    async def resume(self, account: str | None) -> ClockFace:
        """Let time go on from where it stood still."""
        return await self._move(account, Clock.resumed)

    async def reset(self, account: str | None) -> ClockFace:
        """Back to the common clock; for None, all back to real time. Nothing that was due comes to life."""
        async with self._store.transaction() as tx:
            wall = self._wall()
            if account is None:
                await expire_all_due(tx, wall)
            else:
                await tx.expire_due(account, (await tx.clock(account)).now(wall))
            await tx.drop_clock(account)
            face = (await tx.clock(account)).face(wall)
        self._news.clock(account, face)
        return face

    async def _move(self, account: str | None, move: Move) -> ClockFace:
        async with self._store.transaction() as tx:
            wall = self._wall()
            moved = move(await tx.clock(account), wall)
            if account is None:
                await _move_own(tx, move, wall)
            else:
                await tx.open_account(account)
            await tx.put_clock(account, moved)
        face = moved.face(wall)
        self._news.clock(account, face)
        return face


async def _move_own(tx: Transaction, move: Move, wall: datetime) -> None:
    for account, clock in (await tx.own_clocks()).items():
        await tx.put_clock(account, move(clock, wall))
