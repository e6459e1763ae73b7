"""`make bench-growth`: lists, the usage and a jump of the clock, with many rows over few, for each store."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.postgres import postgres_address
from mockserver.billing.checkout import Checkout
from mockserver.billing.clocks import Clocks
from mockserver.billing.credit import Credit
from mockserver.domain.ledger import CreditEntry
from mockserver.domain.order import Mode, Order
from mockserver.domain.session import LIFETIME, CheckoutSession
from mockserver.store import Store, open_store

NOW: Final = datetime(2030, 1, 1, tzinfo=UTC)
FEW: Final = "acct_few"
MANY: Final = "acct_many"
FIRST: Final = "acct_first"
"""The account that expires first: the first expiry of a process pays for imports and statements."""
REPEATS: Final = 300
AT_ONCE: Final = 500
"""The rows of a transaction."""
STORES: Final = ("sqlite", "memory", "postgresql")
ORDER: Final = Order(Mode.PAYMENT, None, Decimal(50), 5_000, 50_000_000)


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--few", type=int, default=1_000, help="Rows of the small account. [default: 1000]")
    parser.add_argument("--many", type=int, default=1_000_000, help="Rows of the large account. [default: 1000000]")
    parser.add_argument("--store", choices=STORES, action="append", help="Store; may be repeated. [default: all]")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.store or STORES:
            with closing(open_store(address_of(name, Path(folder)))) as store:
                asyncio.run(measure(name, store, {FEW: arguments.few, MANY: arguments.many}))


def address_of(name: str, folder: Path) -> str:
    """The address of an empty store of a kind. PostgreSQL is started for it."""
    if name == "postgresql":
        return postgres_address(folder)
    return "memory" if name == "memory" else f"sqlite:///{folder}/growth.db"


async def measure(name: str, store: Store, rows: Mapping[str, int]) -> None:
    """Fill the store, and print the cost of each read for the large account over that for the small one."""
    for account, count in rows.items():
        await fill(store, account, count)
    checkout, credit = Checkout(store, lambda: NOW), Credit(store, lambda: NOW)

    def page(account: str, offset: int) -> Callable[[], Awaitable[object]]:
        return lambda: checkout.list(account, limit=10, offset=offset)

    small = await microseconds(page(FEW, 0))
    print(f"{name}: {rows[MANY]:,} sessions and entries over {rows[FEW]:,}; medians of {REPEATS}")
    for offset in (0, rows[MANY] // 2, rows[MANY] - 10):
        large = await microseconds(page(MANY, offset))
        print(f"  list of 10 at {offset:>9,}   {small:6.1f} us   {large:6.1f} us   {large / small:5.2f} x")
    used = [await microseconds(lambda of=account: credit.usage(of)) for account in (FEW, MANY)]  # type: ignore[misc]  # bound now
    print(f"  usage                     {used[0]:6.1f} us   {used[1]:6.1f} us   {used[1] / used[0]:5.2f} x")
    clocks = Clocks(store, lambda: NOW)
    await fill(store, FIRST, 100)
    await clocks.advance(FIRST, 2 * LIFETIME)
    await checkout.list(FIRST, limit=10, offset=0)
    for title, read in (
        ("jump, all expire", partial(clocks.advance, None, 2 * LIFETIME)),
        ("list after the jump", page(MANY, 0)),
    ):
        once = await microseconds(read, repeats=1)
        print(f"  {title:24}  {small:6.1f} us   {once:6.1f} us   {once / small:5.2f} x a list before")


async def fill(store: Store, account: str, count: int) -> None:
    """Add sessions and entries of consumption to an account."""
    for first in range(0, count, AT_ONCE):
        async with store.transaction() as tx:
            for number in range(first, min(first + AT_ONCE, count)):
                name = f"cs_test_{account.removeprefix('acct_')}{number:050}"
                await tx.add_session(CheckoutSession(name, account, ORDER, NOW, NOW + LIFETIME))
                await tx.add_entry(CreditEntry.consumption(account, 1, NOW, category=f"category {number % 10}"))


async def microseconds(read: Callable[[], Awaitable[object]], *, repeats: int = REPEATS) -> float:
    """The median time of a read."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        await read()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e6


if __name__ == "__main__":
    main()
