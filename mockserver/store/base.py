"""What every store promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mockserver.domain.clock import Clock
from mockserver.domain.invoice import Invoice
from mockserver.domain.ledger import CreditEntry
from mockserver.domain.planned_fault import PlannedFault
from mockserver.domain.recharge import AutoRecharge
from mockserver.domain.session import CheckoutSession, Status
from mockserver.store.summary import AccountSummary


class Transaction(Protocol):
    """What a use case finds and keeps, all of it or nothing.

    The methods are awaited because a store may be across a network. Between two of them a use case awaits nothing else.
    """

    async def open_account(self, account: str) -> None:
        """Make the account, unless it is there."""

    async def has_account(self, account: str) -> bool:
        """Whether the account was ever opened."""

    async def accounts(self, *, only: str | None = None, limit: int, offset: int) -> Sequence[AccountSummary]:
        """The accounts in the order they were opened, or one of them."""

    async def clock(self, account: str | None) -> Clock:
        """The clock an account goes by: its own, or the common one. For None, the common one."""

    async def own_clocks(self) -> Mapping[str, Clock]:
        """The clocks of the accounts that have their own."""

    async def put_clock(self, account: str | None, clock: Clock) -> None:
        """Keep an account's own clock; for None, the common one."""

    async def drop_clock(self, account: str | None) -> None:
        """Let an account follow the common clock again; for None, forget every clock."""

    async def add_session(self, session: CheckoutSession) -> None:
        """Keep a new session; it is the newest of its account."""

    async def session(self, session_id: str) -> CheckoutSession:
        """The session as it was kept; raises SessionNotFound."""

    async def put_session(self, session: CheckoutSession) -> None:
        """Keep a session that was kept before in its new state."""

    async def sessions(
        self, *, account: str | None, status: Status | None = None, limit: int, offset: int
    ) -> Sequence[CheckoutSession]:
        """The sessions as they were kept, newest first; of one account, or (None) of all."""

    async def plan(self, account: str) -> str | None:
        """The plan the account subscribes to; None when it never did."""

    async def put_plan(self, account: str, plan_id: str) -> None:
        """Keep the plan that an account, which is there, subscribes to."""

    async def auto_recharge(self, account: str) -> AutoRecharge:
        """The account's auto recharge; switched off where it never said anything."""

    async def put_auto_recharge(self, account: str, recharge: AutoRecharge) -> None:
        """Keep the auto recharge of an account, which is made if need be."""

    async def expire_due(self, account: str, now: datetime) -> None:
        """Keep as expired every pending session of the account whose life is over at `now`."""

    async def expire_followers(self, now: datetime) -> None:
        """The same for all accounts which follow the common clock."""

    async def add_entry(self, entry: CreditEntry) -> None:
        """Put an entry on the ledger; raises AlreadyCredited for a session that has one."""

    async def balance(self, account: str) -> int:
        """The sum of the account's entries, in microcredits; 0 for an unknown account."""

    async def entries(self, account: str) -> Sequence[CreditEntry]:
        """The account's entries in the order they were added."""

    async def consumed(self, account: str, *, since: datetime | None = None) -> Mapping[str, int]:
        """Microcredits spent by category, from an instant on or ever."""

    async def add_invoice(self, invoice: Invoice) -> None:
        """Keep a new invoice, the newest of its account; raises AlreadyInvoiced for a session that has one."""

    async def invoice(self, invoice_id: str) -> Invoice:
        """The invoice as it was kept; raises InvoiceNotFound."""

    async def invoices(self, account: str, *, limit: int, offset: int) -> Sequence[Invoice]:
        """The account's invoices, newest first."""

    async def add_fault(self, fault: PlannedFault) -> None:
        """Keep a new fault, the last in planning order."""

    async def put_fault(self, fault: PlannedFault) -> None:
        """Keep a fault that was kept before in its new state; nothing where it was dropped."""

    async def drop_fault(self, fault_id: str) -> None:
        """Forget a fault, if it is there."""

    async def faults(self, *, waiting: bool = False) -> Sequence[PlannedFault]:
        """The faults in planning order; `waiting`: but for the spent ones."""

    async def forget(self, account: str | None) -> None:
        """Forget an account, its sessions, entries, invoices, clock and faults; for None, everything."""


class Store(Protocol):
    """Keeps sessions, entries, invoices, accounts, clocks and planned faults."""

    name: str
    """Its address as it is shown to people."""

    secret: bytes
    """32 random bytes, the same for all who share the store; page tokens are made with it."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction: kept whole when the block ends, and not at all when it raises. One at a time."""

    def close(self) -> None:
        """Let go of the store; closing it again does nothing."""
