"""Grant, consume and report credits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from mockserver.billing.entropy import RandomBytes
from mockserver.billing.events import EventBus
from mockserver.billing.system_clock import TimeSource
from mockserver.domain.instant import month_start
from mockserver.domain.ledger import CreditEntry, LedgerRow, require_credits
from mockserver.domain.order import PriceList
from mockserver.domain.usage.price_card import PriceCard
from mockserver.domain.usage.usage import Usage

if TYPE_CHECKING:
    from mockserver.store import Store, Transaction


class LedgerPage(NamedTuple):
    """The balance of an account in microcredits, the number of its entries, and some of them."""

    balance: int
    total: int
    rows: Sequence[LedgerRow]


class Credit:
    """The use cases of credits, in microcredits."""

    def __init__(
        self,
        store: Store,
        real_time: TimeSource,
        *,
        prices: PriceList | None = None,
        price_card: PriceCard | None = None,
        overdraft: bool = False,
        bus: EventBus | None = None,
        random_bytes: RandomBytes = os.urandom,
    ) -> None:
        self._store = store
        self._real_time = real_time
        self._bus = bus or EventBus()
        self._prices = prices or PriceList()
        self._price_card = price_card or PriceCard()
        self._overdraft = overdraft
        self._random_bytes = random_bytes

    async def usage(self, account: str) -> Usage:
        """The account's balance and consumption. A missing account is created."""
        async with self._store.transaction() as tx:
            await tx.open_account(account)
            return await self._usage(tx, account)

    async def ledger(self, account: str, *, limit: int, offset: int, step: int) -> LedgerPage:
        """A page of the account's ledger, newest first, or every `step`-th entry of it."""
        async with self._store.transaction() as tx:
            return LedgerPage(
                await tx.balance(account),
                await tx.entry_count(account),
                await tx.ledger(account, limit=limit, offset=offset, step=step),
            )

    async def give(self, account: str, microcredits: int) -> Usage:
        """Add credits to the account as a starting balance."""
        async with self._store.transaction() as tx:
            now = (await tx.clock(account)).now(self._real_time())
            await tx.add_entry(CreditEntry.grant(account, microcredits, now))
            usage = await self._usage(tx, account)
        self._bus.publish_account(account)
        return usage

    def price_of(self, resource: str, microunits: int) -> int:
        """The price of units of a resource, in microcredits. Raises InvalidRequest for an unpriced resource."""
        return self._price_card.microcredits_for(resource, microunits)

    async def consume(self, account: str, microcredits: int, *, category: str, microunits: int | None = None) -> Usage:
        """Consume credits, and recharge if the balance falls under the account's threshold.

        For units of a resource, the category is the resource, and `microunits` counts them in millionths.
        Raises InsufficientCredits if the account may not be overdrawn; then nothing is consumed or charged.
        """
        async with self._store.transaction() as tx:
            now = (await tx.clock(account)).now(self._real_time())
            balance = await tx.balance(account)
            charge = (await tx.auto_recharge(account)).charge(balance - microcredits, self._prices)
            if not self._overdraft:
                require_credits(microcredits, balance=balance, recharge=charge.microcredits if charge else 0)
            if charge is not None:
                from mockserver.domain.invoice import ID_LENGTH, Invoice, invoice_id  # few accounts recharge

                # added before the consumption, so that it covers the consumption
                await tx.add_entry(CreditEntry.recharge(account, charge.microcredits, now))
                name = invoice_id(self._random_bytes(ID_LENGTH))
                email = await tx.email(account)
                await tx.add_invoice(Invoice.of_recharge(account, name, charge, now, email=email))
            await tx.add_entry(
                CreditEntry.consumption(account, microcredits, now, category=category, microunits=microunits)
            )
            usage = await self._usage(tx, account)
        self._bus.publish_account(account)
        return usage

    async def _usage(self, tx: Transaction, account: str) -> Usage:
        now = (await tx.clock(account)).now(self._real_time())
        return Usage(
            balance=await tx.balance(account),
            used=sum((await tx.consumed(account)).values()),
            breakdown=await tx.consumed(account, month=month_start(now)),
            plan_id=await tx.plan(account),
            units=await tx.consumed_units(account),
            email=await tx.email(account),
        )
