"""Planned faults: made, listed, forgotten, and met by requests."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from mockserver.domain.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.store import Store, Transaction

MOST_WAITING: Final = 1_000
MOST_SPENT: Final = 1_000
"""How many spent faults are kept to be looked at; the oldest go first."""


class Faults:
    """Plans faults and lets requests meet them.

    One server has the store: what waits there is known here too, so that a request for which nothing waits asks nobody.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        # None until the store was asked: what was planned before a restart waits still
        self._waiting: Sequence[PlannedFault] | None = None

    @property
    def none_waits(self) -> bool:
        """Whether no request can meet a fault."""
        return self._waiting is not None and not self._waiting

    async def plan(self, fault: PlannedFault) -> PlannedFault:
        """Keep a fault, the last to be asked; the fault as it was kept. Raises InvalidRequest where too many wait."""
        from mockserver.domain.planned_fault import ID_LENGTH, fault_id  # who comes here has loaded it

        named = fault._replace(id=fault_id(os.urandom(ID_LENGTH)))
        async with self._change() as tx:
            kept = await tx.faults()
            spent = [each.id for each in kept if each.is_spent]
            if len(kept) - len(spent) >= MOST_WAITING:
                raise InvalidRequest(f"{MOST_WAITING} faults wait already; DELETE /_mock/faults forgets them")
            for oldest in spent[:-MOST_SPENT]:
                await tx.drop_fault(oldest)
            await tx.add_fault(named)
        return named

    async def list(self, *, only: str | None = None, account: str | None = None) -> Sequence[PlannedFault]:
        """The faults in planning order, spent ones included: all, one by its id, or those of an account.

        Raises NotFound for an id that there is not.
        """
        async with self._store.transaction() as tx:
            return _wanted(await tx.faults(), only, account)

    async def forget(self, *, only: str | None = None, account: str | None = None) -> Sequence[PlannedFault]:
        """Forget faults; those that were forgotten. Raises as `list` does."""
        async with self._change() as tx:
            found = _wanted(await tx.faults(), only, account)
            for fault in found:
                await tx.drop_fault(fault.id)
        return found

    async def strike(self, method: str, path: str, account: str | None) -> PlannedFault | None:
        """The fault that strikes a request, counted; None where none does."""
        if self._waiting is not None and not any(each.match.fits(method, path, account) for each in self._waiting):
            return None
        async with self._change() as tx:
            return await self._struck(tx, method, path, account)

    @asynccontextmanager
    async def _change(self) -> AsyncIterator[Transaction]:
        try:
            async with self._store.transaction() as tx:
                yield tx
                self._waiting = await tx.faults(waiting=True)
        except BaseException:
            self._waiting = None  # what was to be is not: the store is asked again
            raise

    async def _struck(self, tx: Transaction, method: str, path: str, account: str | None) -> PlannedFault | None:
        for fault in await tx.faults(waiting=True):
            if fault.match.fits(method, path, account):
                after, strikes = fault.meeting()
                await tx.put_fault(after)
                # one that chance spares leaves the request to the next
                if strikes:
                    return after
        return None


def _wanted(faults: Sequence[PlannedFault], only: str | None, account: str | None) -> Sequence[PlannedFault]:
    found = [fault for fault in faults if only in (None, fault.id) and account in (None, fault.match.account)]
    if only is not None and not found:
        raise NotFound(f"no fault has the id {only[:80]!r}; GET /_mock/faults lists them")
    return found
