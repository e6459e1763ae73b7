"""Servers on one store, as tests of its peers need them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from mockserver.billing import Faults
from mockserver.store import Store, open_store

PATIENCE = 10


class Hearer:
    """A server that hears of the others, and takes no note."""

    def take_message(self, message: str) -> None: ...

    def take_entries(self) -> None: ...

    def take_gap(self) -> None: ...

    def use_wait(self) -> None: ...


@asynccontextmanager
async def serving(address: str, hearer: Hearer | None = None) -> AsyncIterator[Store]:
    """A store that listens to its peers."""
    store = open_store(address)
    assert store.peers is not None
    await store.peers.start(hearer or Hearer())
    try:
        await until(lambda: store.peers is not None and store.peers.fault_generation is not None)
        yield store
    finally:
        await store.peers.stop()
        store.close()


async def until(is_true: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not is_true():
        assert monotonic() < deadline
        await asyncio.sleep(0.005)


async def next_fault(faults: Faults, account: str | None = None) -> str | None:
    found = await faults.take_next("GET", "/", account)
    return found.id if found else None
