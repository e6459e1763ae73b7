"""Credits given, spent and counted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mockserver.billing.events import News
from mockserver.billing.system_clock import Wall
from mockserver.domain.instant import month_start
from mockserver.domain.ledger import CreditEntry, Usage
from mockserver.domain.order import PriceList

if TYPE_CHECKING:
    from mockserver.store import Store, Transaction


class Credit:
    """Gives, takes and counts an account's credits, in microcredits."""

    def __init__(self, store: Store, wall: Wall, *, prices: PriceList | None = None, news: News | None = None) -> None:
        self._store = store
        self._wall = wall
        self._news = news or News()
        self._prices = prices or PriceList()

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
            usage = await self._usage(tx, account)
        self._news.credits(account)
        return usage

    async def consume(self, account: str, microcredits: int, *, category: str) -> Usage:
        """Spend credits, and recharge where that leaves too few.

        Raises InsufficientCredits, with nothing spent and nothing charged.
        """
        async with self._store.transaction() as tx:
            now = (await tx.clock(account)).now(self._wall())
            balance = await tx.balance(account)
            charge = (await tx.auto_recharge(account)).charge(balance - microcredits, self._prices)
            consumed = CreditEntry.consumed(
                account,
                microcredits,
                now,
                category=category,
                balance=balance,
                recharge=charge.microcredits if charge else 0,
            )
            if charge is not None:
                from mockserver.domain.invoice import ID_LENGTH, Invoice, invoice_id  # few accounts recharge

                # first, so that the balance is never below zero
                await tx.add_entry(CreditEntry.recharged(account, charge.microcredits, now))
                name = invoice_id(os.urandom(ID_LENGTH))
                await tx.add_invoice(Invoice.of_recharge(account, name, charge, now))
            await tx.add_entry(consumed)
            usage = await self._usage(tx, account)
        self._news.credits(account)
        return usage

    async def _usage(self, tx: Transaction, account: str) -> Usage:
        now = (await tx.clock(account)).now(self._wall())
        return Usage(
            balance=await tx.balance(account),
            used=sum((await tx.consumed(account)).values()),
            breakdown=await tx.consumed(account, since=month_start(now)),
            plan_id=await tx.plan(account),
        )
