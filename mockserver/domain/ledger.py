"""The ledger: every credit an account got or spent, entry by entry.

Rule 1: the balance is the sum of the entries, at every moment.
Rule 2: a session is credited at most once.
Rule 3: a balance never goes below zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from mockserver.domain.errors import InsufficientCredits
from mockserver.domain.money import credits_shown
from mockserver.domain.session import CheckoutSession


class EntryKind(StrEnum):
    """Why credits came or went."""

    PURCHASE = "purchase"
    GRANT = "grant"
    CONSUMPTION = "consumption"
    RECHARGE = "recharge"


class CreditEntry(NamedTuple):
    """Credits that came (above zero) or went (below), in microcredits."""

    account: str
    kind: EntryKind
    microcredits: int
    at: datetime
    session: str | None = None
    category: str | None = None

    @classmethod
    def bought(cls, session: CheckoutSession, now: datetime) -> CreditEntry:
        """The credits that paying a session brings."""
        return cls(session.account, EntryKind.PURCHASE, session.order.microcredits, now, session=session.id)

    @classmethod
    def given(cls, account: str, microcredits: int, now: datetime) -> CreditEntry:
        """A starting balance."""
        return cls(account, EntryKind.GRANT, microcredits, now)

    @classmethod
    def recharged(cls, account: str, microcredits: int, now: datetime) -> CreditEntry:
        """The credits that auto recharge bought."""
        return cls(account, EntryKind.RECHARGE, microcredits, now)

    @classmethod
    def consumed(
        cls, account: str, microcredits: int, now: datetime, *, category: str, balance: int, recharge: int = 0
    ) -> CreditEntry:
        """Credits spent on something; raises InsufficientCredits when `balance` and a recharge do not reach."""
        if microcredits > balance + recharge:
            asked, has = credits_shown(microcredits), credits_shown(balance)
            more = f" and auto recharge buys {credits_shown(recharge)} at a time" if recharge else ""
            raise InsufficientCredits(f"{asked} credits are asked for, the account has {has}{more}")
        return cls(account, EntryKind.CONSUMPTION, -microcredits, now, category=category)


class Usage(NamedTuple):
    """What an account has and has spent, in microcredits; `breakdown` is this month's by category."""

    balance: int
    used: int
    breakdown: Mapping[str, int]
    plan_id: str | None

    @property
    def this_month(self) -> int:
        """What was spent since the month began."""
        return sum(self.breakdown.values())
