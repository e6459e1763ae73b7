"""Auto recharge: credits that are bought automatically when a balance is low.

Rule 1: consumption that leaves the balance under the threshold charges `amount` once, however low the balance is.
Rule 2: charges are whole cents, and only charged cents are credited.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from mockserver.domain.money import MICRO, as_decimal
from mockserver.domain.order import PriceList


class Charge(NamedTuple):
    """The price of a recharge in whole cents, and its credits in microcredits."""

    cents: int
    microcredits: int


class AutoRecharge(NamedTuple):
    """An account's settings: `threshold` in credits, `amount` in the API's unit, both as given."""

    enabled: bool = False
    threshold: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)

    def with_changes(self, body: Mapping[str, Any]) -> AutoRecharge:
        """The settings after a request body that the contract has accepted. Missing members stay."""
        return AutoRecharge(
            enabled=body.get("enabled", self.enabled),
            threshold=as_decimal(body["threshold"]) if "threshold" in body else self.threshold,
            amount=as_decimal(body["amount"]) if "amount" in body else self.amount,
        )

    def charge(self, balance: int, prices: PriceList) -> Charge | None:
        """The charge after consumption has left this balance in microcredits; None without one."""
        if not self.enabled or balance >= self.threshold * MICRO:
            return None
        cents = int((self.amount * prices.cents_per_unit).to_integral_value(ROUND_HALF_UP))
        return Charge(cents, prices.microcredits_for(cents)) if cents else None
