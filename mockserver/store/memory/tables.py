"""The tables of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.domain.clock import Clock
from mockserver.domain.ledger import CreditEntry
from mockserver.domain.session import CheckoutSession

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.domain.recharge import AutoRecharge


class Tables:
    """All data, by lookup key."""

    def __init__(self) -> None:
        self.sessions: dict[str, CheckoutSession] = {}
        self.accounts: dict[str, MemoryAccount] = {}
        self.clocks: dict[str | None, Clock] = {}
        self.credited: set[str] = set()
        self.invoices: dict[str, Invoice] = {}
        self.invoiced: set[str] = set()
        self.faults: dict[str, PlannedFault] = {}


class MemoryAccount:
    """The data of one account. Ids of sessions and invoices are in order of creation."""

    def __init__(self) -> None:
        self.sessions: dict[str, None] = {}
        self.pending: set[str] = set()
        self.entries: list[CreditEntry] = []
        self.balance = 0
        self.plan: str | None = None
        self.invoices: list[str] = []
        self.recharge: AutoRecharge | None = None
