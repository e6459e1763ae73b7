from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mockserver.billing import Faults
from mockserver.domain.planned_fault import FaultKind, Match, PlannedFault
from mockserver.store.memory.store import MemoryStore
from mockserver.store.memory.transaction import MemoryTransaction


class DiskFull(Exception):
    """The failure of a commit in these tests."""


class FailingStore(MemoryStore):
    """A store whose commits fail while `is_full`."""

    is_full = False

    @asynccontextmanager
    async def transaction(self, *, exclusive: bool = False) -> AsyncIterator[MemoryTransaction]:
        async with super().transaction(exclusive=exclusive) as tx:
            yield tx
            if self.is_full:
                raise DiskFull


RESET = PlannedFault("", Match(), FaultKind.RESET)


def test_fault_still_waits_if_its_use_could_not_be_stored() -> None:
    async def story() -> None:
        store = FailingStore()
        faults = Faults(store)
        planned = await faults.plan(RESET)
        store.is_full = True
        with pytest.raises(DiskFull):
            await faults.take_next("GET", "/", None)
        store.is_full = False
        assert not faults.is_idle
        struck = await faults.take_next("GET", "/", None)
        assert struck is not None
        assert struck.id == planned.id

    asyncio.run(story())


def test_fault_that_could_not_be_stored_does_not_wait() -> None:
    async def story() -> None:
        store = FailingStore()
        faults = Faults(store)
        store.is_full = True
        with pytest.raises(DiskFull):
            await faults.plan(RESET)
        store.is_full = False
        assert await faults.take_next("GET", "/", None) is None
        assert faults.is_idle

    asyncio.run(story())
