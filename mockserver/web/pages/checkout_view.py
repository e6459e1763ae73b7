"""The values that a checkout page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mockserver.domain.money import as_credits, format_dollars
from mockserver.domain.order import DEFAULT_PLAN, Mode
from mockserver.domain.session import CheckoutSession

YEARS_OF_A_CARD: Final = 4


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """The values of a session's page at `now`; templates read them by name.

    `base` is the address of the page. `error` is the refusal of the last step, in a sentence. `confirming` is the card
    that waits for 3-D Secure. `onward` is the URL after a payment.
    """

    session: CheckoutSession
    now: datetime
    csrf: str
    base: str
    error: str | None = None
    declined: bool = False
    confirming: str | None = None
    email: str = ""
    onward: str | None = None
    cancelled: bool = False

    @property
    def state(self) -> str:
        """The session's status word."""
        return self.session.status.value

    @property
    def title(self) -> str:
        """The purchase: a plan or a number of credits."""
        order = self.session.order
        if order.mode is Mode.SUBSCRIPTION:
            return f"Plan {order.plan_id or DEFAULT_PLAN}"
        return self.credits if order.microcredits else "No credits"

    @property
    def credits(self) -> str:
        """The number of credits, such as `50 credits`."""
        count = f"{as_credits(self.session.order.microcredits):,}"
        return f"{count} credit" if count == "1" else f"{count} credits"

    @property
    def price(self) -> str:
        """The price, such as `$50.00`."""
        return format_dollars(self.session.order.cents)

    @property
    def time_left(self) -> str:
        """The time until the session expires, such as `23 h 59 min`."""
        seconds = max(self.session.expires_at - self.now, timedelta()) // timedelta(seconds=1)
        hours, minutes = seconds // 3600, seconds // 60 % 60
        if hours:
            return f"{hours} h {minutes} min"
        return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"

    @property
    def expiry(self) -> str:
        """A valid expiry date of a card, such as `12/34`."""
        year = self.now.year + YEARS_OF_A_CARD
        return f"12/{year % 100:02}" if year < 2100 else f"12/{year}"

    @property
    def back(self) -> str | None:
        """The URL after a cancellation."""
        return self.session.order.cancel_url

    @property
    def redirects(self) -> Iterable[str]:
        """The redirects of the page's forms."""
        return filter(None, (self.session.order.success_url, self.session.order.cancel_url))
