"""`make bench-growth`: a page of a list and the usage, with many rows over few, for each store."""

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
from pathlib import Path
from typing import Final

from benchmarks.postgres import postgres_address
from mockserver.billing.checkout import Checkout
from mockserver.billing.credit import Credit
from mockserver.domain.ledger import CreditEntry
from mockserver.domain.order import Mode, Order
from mockserver.domain.session import LIFETIME, CheckoutSession
from mockserver.store import Store, open_store

NOW: Final = datetime(2030, 1, 1, tzinfo=UTC)
FEW: Final = "acct_few"
MANY: Final = "acct_many"
REPEATS: Final = 300
AT_ONCE: Final = 500
"""The rows of a transaction."""
ORDER: Final = Order(Mode.PAYMENT, None, Decimal(50), 5_000, 50_000_000)


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--few", type=int, default=1_000, help="Rows of the small account. [default: 1000]")
    parser.add_argument("--many", type=int, default=1_000_000, help="Rows of the large account. [default: 1000000]")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        addresses = {
            "sqlite": f"sqlite:///{folder}/growth.db",
            "memory": "memory",
            "postgresql": postgres_address(Path(folder)),
        }
        for name, address in addresses.items():
            with closing(open_store(address)) as store:
                asyncio.run(measure(name, store, {FEW: arguments.few, MANY: arguments.many}))


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
    small, large = [await microseconds(lambda of=account: credit.usage(of)) for account in (FEW, MANY)]  # type: ignore[misc]  # bound now
    print(f"  usage                     {small:6.1f} us   {large:6.1f} us   {large / small:5.2f} x")


async def fill(store: Store, account: str, count: int) -> None:
    """Add sessions and entries of consumption to an account."""
    for first in range(0, count, AT_ONCE):
        async with store.transaction() as tx:
            for number in range(first, min(first + AT_ONCE, count)):
                name = f"cs_test_{account.removeprefix('acct_')}{number:050}"
                await tx.add_session(CheckoutSession(name, account, ORDER, NOW, NOW + LIFETIME))
                await tx.add_entry(CreditEntry.consumption(account, 1, NOW, category=f"category {number % 10}"))


async def microseconds(read: Callable[[], Awaitable[object]]) -> float:
    """The median time of a read."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        await read()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e6


if __name__ == "__main__":
    main()
