"""Credits given, spent and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.billing.wall import Wall
from mockserver.domain.instant import month_start
from mockserver.domain.ledger import CreditEntry, Usage

if TYPE_CHECKING:
    from mockserver.store import Store, Transaction


class Credit:
    """Gives, takes and counts an account's credits, in microcredits."""

    def __init__(self, store: Store, wall: Wall) -> None:
        self._store = store
        self._wall = wall

    async def usage(self, account: str) -> Usage:
        """What the account has and has spent; the account is made if need be."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            return await self._usage(tx, account)

    async def give(self, account: str, microcredits: int) -> Usage:
        """Put credits on the account, as a starting balance."""
        async with self._store.transaction() as tx:
            now = (await tx.clock(account)).now(self._wall())
            await tx.add_entry(CreditEntry.given(account, microcredits, now))
            return await self._usage(tx, account)

    async def consume(self, account: str, microcredits: int, *, category: str) -> Usage:
        """Spend credits; raises InsufficientCredits, with nothing spent."""
        async with self._store.transaction() as tx:
            now = (await tx.clock(account)).now(self._wall())
            balance = await tx.balance(account)
            await tx.add_entry(CreditEntry.consumed(account, microcredits, now, category=category, balance=balance))
            return await self._usage(tx, account)

    async def _usage(self, tx: Transaction, account: str) -> Usage:
        now = (await tx.clock(account)).now(self._wall())
        return Usage(
            balance=await tx.balance(account),
            used=sum((await tx.consumed(account)).values()),
            breakdown=await tx.consumed(account, since=month_start(now)),
            plan_id=await tx.plan(account),
        )
