"""Run work in a transaction of a store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from mockserver.store import Store, Transaction

T = TypeVar("T")


def in_transaction(store: Store, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run work in one transaction, and return its result."""

    async def run() -> T:
        async with store.transaction() as tx:
            return await work(tx)

    return asyncio.run(run())


class TransactionFailed(Exception):
    """The failure of a transaction in these tests."""


def in_failed_transaction(store: Store, work: Callable[[Transaction], Awaitable[object]]) -> None:
    """Run work in a transaction that then fails."""

    async def then_fail(tx: Transaction) -> None:
        await work(tx)
        raise TransactionFailed

    with pytest.raises(TransactionFailed):
        in_transaction(store, then_fail)
