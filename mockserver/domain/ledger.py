"""The ledger: one entry for each purchase, grant, recharge or consumption of credits.

Rule 1: the balance is the sum of the entries, at every moment.
Rule 2: a session is credited at most once.
Rule 3: a balance is never below zero, unless the account may be overdrawn.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from mockserver.domain.errors import InsufficientCredits
from mockserver.domain.money import as_credits
from mockserver.domain.session import CheckoutSession


class EntryKind(StrEnum):
    """The reason for an entry."""

    PURCHASE = "purchase"
    GRANT = "grant"
    CONSUMPTION = "consumption"
    RECHARGE = "recharge"


class CreditEntry(NamedTuple):
    """Credits added (above zero) or consumed (below zero), in microcredits.

    The category of consumed units is their resource; `microunits` counts them in millionths.
    """

    account: str
    kind: EntryKind
    microcredits: int
    at: datetime
    session: str | None = None
    category: str | None = None
    microunits: int | None = None

    @classmethod
    def purchase(cls, session: CheckoutSession, now: datetime) -> CreditEntry:
        """The entry for a paid session."""
        return cls(session.account, EntryKind.PURCHASE, session.order.microcredits, now, session=session.id)

    @classmethod
    def grant(cls, account: str, microcredits: int, now: datetime) -> CreditEntry:
        """The entry for a starting balance."""
        return cls(account, EntryKind.GRANT, microcredits, now)

    @classmethod
    def recharge(cls, account: str, microcredits: int, now: datetime) -> CreditEntry:
        """The entry for an auto recharge."""
        return cls(account, EntryKind.RECHARGE, microcredits, now)

    @classmethod
    def consumption(
        cls, account: str, microcredits: int, now: datetime, *, category: str, microunits: int | None = None
    ) -> CreditEntry:
        """The entry for consumption."""
        return cls(account, EntryKind.CONSUMPTION, -microcredits, now, category=category, microunits=microunits)


class LedgerRow(NamedTuple):
    """An entry, its number in the account from 1 on, and the balance after it in microcredits."""

    entry: CreditEntry
    number: int
    balance: int


def require_credits(microcredits: int, *, balance: int, recharge: int = 0) -> None:
    """Raise InsufficientCredits if `balance` and `recharge` are too small for a consumption."""
    if microcredits > balance + recharge:
        needed, available = as_credits(microcredits), as_credits(balance)
        more = f" and auto recharge buys {as_credits(recharge)} at a time" if recharge else ""
        raise InsufficientCredits(f"{needed} credits are needed, the account has {available}{more}")
