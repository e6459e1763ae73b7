"""Plan, list and delete faults, and pick the fault for a request."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from mockserver.billing.entropy import RandomBytes
from mockserver.domain.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.store import Store, Transaction

MOST_WAITING: Final = 1_000
MOST_SPENT: Final = 1_000
"""Spent faults are kept for inspection up to this number; the oldest are dropped first."""


class Faults:
    """The use cases of planned faults.

    Waiting faults are cached here, until another server plans one. A request that no fault matches reads no store.
    """

    def __init__(self, store: Store, *, random_bytes: RandomBytes = os.urandom) -> None:
        self._store = store
        self._random_bytes = random_bytes
        self._peers = store.peers
        self._generation: int | None = None
        # None until read from the store: faults that were planned before a restart still wait
        self._waiting: Sequence[PlannedFault] | None = None

    @property
    def is_idle(self) -> bool:
        """No fault waits for a request."""
        return not self._waiting and self._known_waiting() is not None

    async def plan(self, fault: PlannedFault) -> PlannedFault:
        """Store a fault after all others, and return it with its id. Raises InvalidRequest if too many wait."""
        from mockserver.domain.planned_fault import ID_LENGTH, fault_id  # the caller has loaded it already

        named = fault._replace(id=fault_id(self._random_bytes(ID_LENGTH)))
        async with self._change() as tx:
            stored = await tx.faults()
            spent = [each.id for each in stored if each.is_spent]
            if len(stored) - len(spent) >= MOST_WAITING:
                raise InvalidRequest(f"{MOST_WAITING} faults wait already; DELETE /_mock/faults deletes them")
            for oldest in spent[:-MOST_SPENT]:
                await tx.drop_fault(oldest)
            await tx.add_fault(named)
        await self.announce()
        return named

    async def announce(self) -> None:
        """Let this server and the others read the faults anew: some were added to the store.

        Raises OutcomeUnknown if the others may not hear of it in time.
        """
        self._waiting = None
        if self._peers is not None:
            await self._peers.announce_fault()

    async def list(self, *, only: str | None = None, account: str | None = None) -> Sequence[PlannedFault]:
        """The faults in planning order, spent ones included: all, the one with an id, or those of an account.

        Raises NotFound for an unknown id.
        """
        async with self._store.transaction() as tx:
            return _select(await tx.faults(), only, account)

    async def forget(self, *, only: str | None = None, account: str | None = None) -> Sequence[PlannedFault]:
        """Delete faults and return them. Raises as `list` does."""
        async with self._change() as tx:
            selected = _select(await tx.faults(), only, account)
            for fault in selected:
                await tx.drop_fault(fault.id)
        return selected

    async def take_next(self, method: str, path: str, account: str | None) -> PlannedFault | None:
        """The fault that applies to a request, or None. Its counters are updated."""
        waiting = self._known_waiting()
        if waiting is not None and not any(each.match.fits(method, path, account) for each in waiting):
            return None
        async with self._change() as tx:
            return await self._next_in(tx, method, path, account)

    def _known_waiting(self) -> Sequence[PlannedFault] | None:
        """The waiting faults; None if the store must be asked."""
        if self._peers is not None:
            generation = self._peers.fault_generation
            if generation is None or generation != self._generation:
                return None
        return self._waiting

    @asynccontextmanager
    async def _change(self) -> AsyncIterator[Transaction]:
        # a plan of another server that comes while this transaction reads has a later generation
        generation = self._peers.fault_generation if self._peers is not None else None
        try:
            async with self._store.transaction() as tx:
                yield tx
                self._waiting = await tx.faults(waiting=True)
                self._generation = generation
        except BaseException:
            self._waiting = None  # the change was not stored: read the store again
            raise

    async def _next_in(self, tx: Transaction, method: str, path: str, account: str | None) -> PlannedFault | None:
        for fault in await tx.faults(waiting=True):
            if fault.match.fits(method, path, account):
                after, applies = fault.after_match()
                await tx.put_fault(after)
                # if the probability spares the request, the next fault is tried
                if applies:
                    return after
        return None


def _select(faults: Sequence[PlannedFault], only: str | None, account: str | None) -> Sequence[PlannedFault]:
    selected = [fault for fault in faults if only in (None, fault.id) and account in (None, fault.match.account)]
    if only is not None and not selected:
        raise NotFound(f"no fault has the id {only[:80]!r}; GET /_mock/faults lists them")
    return selected
