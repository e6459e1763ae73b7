"""The tables of the store in memory."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.domain.clock import Clock
from mockserver.domain.ledger import CreditEntry

if TYPE_CHECKING:
    from mockserver.domain.invoice import Invoice
    from mockserver.domain.planned_fault import PlannedFault
    from mockserver.domain.recharge import AutoRecharge
    from mockserver.domain.session import CheckoutSession
    from mockserver.store.key_hints import KeyHints
    from mockserver.store.memory.session_table import SessionTable
    from mockserver.store.summary import CheckpointSummary


_REAL_TIME: Final = Clock()


class Tables:
    """All data, by lookup key."""

    def __init__(self, key_hints: KeyHints, sessions: SessionTable) -> None:
        self.key_hints = key_hints
        self.sessions = sessions
        self.accounts: dict[str, MemoryAccount] = {}
        self.clocks: dict[str | None, Clock] = {}
        self.credited: set[str] = set()
        self.invoices: dict[str, Invoice] = {}
        self.invoiced: dict[str, str] = {}
        """The ids of invoices by session."""
        self.faults: dict[str, PlannedFault] = {}
        self.checkpoints: dict[str, tuple[CheckpointSummary, str]] = {}

    def clock(self, account: str | None) -> Clock:
        """The account's own clock, or the common one."""
        clocks = self.clocks
        return (clocks.get(account) or clocks.get(None) or _REAL_TIME) if clocks else _REAL_TIME

    def open_account(self, name: str) -> MemoryAccount:
        """A new account."""
        account = self.accounts[name] = MemoryAccount(self.key_hints.of(name))
        return account

    def add_session(self, session: CheckoutSession) -> None:
        """Store a new session as the newest of its account. A missing account is created."""
        account = self.accounts.get(session.account)
        if account is None:
            account = self.open_account(session.account)
        account.sessions.append(session.id)
        self.sessions.add(session)

    def drop_oldest_sessions(self, account: str, count: int) -> None:
        """Drop the first sessions of an account. Its entries and invoices stay."""
        names = self.accounts[account].sessions
        for name in names[:count]:
            self.sessions.remove(name)
        del names[:count]


class MemoryAccount:
    """The data of one account. Ids of sessions and invoices are in order of creation."""

    def __init__(self, key_hint: str | None) -> None:
        self.key_hint = key_hint
        self.name: str | None = None
        self.sessions: list[str] = []
        self.entries: list[CreditEntry] = []
        self.balances: list[int] = []
        """After each entry."""
        self.consumption: dict[tuple[datetime, str], Consumption] = {}
        """By start of the month and category."""
        self.balance = 0
        self.plan: str | None = None
        self.email: str | None = None
        self.invoices: list[str] = []
        self.recharge: AutoRecharge | None = None


class Consumption(NamedTuple):
    """Sums of consumption, in microcredits and millionths of units. Consumption of plain credits has no units."""

    microcredits: int = 0
    microunits: int | None = None

    def plus(self, entry: CreditEntry) -> Consumption:
        """The sums with another entry."""
        units = [count for count in (self.microunits, entry.microunits) if count is not None]
        return Consumption(self.microcredits - entry.microcredits, sum(units) if units else None)
