"""The goods of an order in the words of the checkout page, the receipt and the invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from mockserver.domain.money import MICRO, as_credits, format_dollars
from mockserver.domain.order import DEFAULT_PLAN, Mode, Order

TIMES: Final = "\N{MULTIPLICATION SIGN}"


class Purchase(NamedTuple):
    """The one line item of an order."""

    order: Order

    @property
    def is_subscription(self) -> bool:
        """The order is for a plan."""
        return self.order.mode is Mode.SUBSCRIPTION

    @property
    def title(self) -> str:
        """The goods: a plan or a number of credits."""
        if self.is_subscription:
            return f"Plan {self.order.plan_id or DEFAULT_PLAN}"
        return self.credits if self.order.microcredits else "No credits"

    @property
    def credits(self) -> str:
        """The number of credits, such as `50 credits`."""
        count = f"{as_credits(self.order.microcredits):,}"
        return f"{count} credit" if count == "1" else f"{count} credits"

    @property
    def price(self) -> str:
        """The price, such as `$50.00`."""
        return format_dollars(self.order.cents)

    @property
    def terms(self) -> str:
        """Quantity and unit price, such as `50 credits for $1.00 each`."""
        if self.is_subscription:
            return f"{self.credits} every month"
        if not self.order.microcredits:
            return "This order sells nothing"
        return f"{self.credits} {TIMES} {format_unit_price(self.order.cents, self.order.microcredits)}"

    @property
    def due(self) -> str:
        """The name of the total."""
        return "Total due today" if self.is_subscription else "Total due"


def format_unit_price(cents: int, microcredits: int) -> str:
    """The price of one credit: whole cents, or up to four decimals, such as `$0.3333`."""
    dollars = (Decimal(cents) * MICRO / microcredits / 100).quantize(Decimal("0.0001"))
    whole, _, decimals = f"{dollars:,.4f}".partition(".")
    return f"${whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"
