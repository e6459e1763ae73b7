"""The rules of the server under audit: prices, lifetime and overdraft, in exact numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, Final, NamedTuple

MICRO: Final = 1_000_000
DECLINING_CARDS: Final = frozenset(
    {
        "4000000000000002",
        "4000000000009995",
        "4000000000009987",
        "4000000000009979",
        "4000000000000069",
        "4000000000000127",
        "4000000000000119",
        "4242424242424241",
        "4000008400001629",
    }
)
"""Stripe's test cards that never pay."""


class Order(NamedTuple):
    """The price of a session in cents, its credits in microcredits, and the `amount` that answers show."""

    cents: int
    microcredits: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Rules:
    """Prices, lifetime and overdraft of a server.

    `skew` is the greatest error of the server's time against the moments of the exchanges, in seconds; None says that
    the server's time does not pass with them.
    """

    microcredits_per_dollar: int = MICRO
    plans: Mapping[str, tuple[int, int]] = field(default_factory=lambda: {"plan-basic": (2_000, 20 * MICRO)})
    lifetime: float = 86_400.0
    overdraft: bool = False
    prices: Mapping[str, int] = field(default_factory=dict)
    skew: float | None = 2.0

    def order(self, body: Mapping[str, Any]) -> Order:
        """The order of an accepted body: a plan, or a whole number of dollars; another amount sells nothing."""
        if body.get("mode") == "subscription":
            basic = self.plans["plan-basic"]
            cents, microcredits = self.plans.get(str(body.get("plan_id")), basic)
            return Order(cents, microcredits, Decimal(cents) / 100)
        amount = number(body.get("amount"))
        if amount is None or amount < 1 or amount != int(amount):
            return Order(0, 0, amount)
        return Order(int(amount) * 100, self.microcredits(int(amount) * 100), amount)

    def microcredits(self, cents: int) -> int:
        """The credits for an amount of money."""
        return cents * self.microcredits_per_dollar // 100

    def charge(self, amount: Decimal) -> tuple[int, int]:
        """The cents and microcredits of one auto recharge."""
        cents = int((amount * 100).to_integral_value(ROUND_HALF_UP))
        return cents, self.microcredits(cents)


def number(value: object) -> Decimal | None:
    """The exact value of a JSON number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def micro(value: object) -> int | None:
    """A JSON number in millionths; None for anything else."""
    if type(value) is int:
        return value * MICRO
    exact = number(value)
    return None if exact is None else int(exact * MICRO)


@cache
def account_of(key: str) -> str:
    """The account of an API key; an account id stands for itself."""
    return key if key.startswith("acct_") else "acct_" + hashlib.sha256(key.encode()).hexdigest()[:12]
