"""The values that a checkout page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mockserver.domain.session import CheckoutSession
from mockserver.store import AccountSummary
from mockserver.web.pages.merchant import Merchant
from mockserver.web.pages.purchase import Purchase
from mockserver.web.pages.typed_fields import TypedFields

YEARS_OF_A_CARD: Final = 4
PAYMENT_SCRIPTS: Final = ("history.js", "page.js", "card_fields.js", "address.js", "test_cards.js", "submission.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutView:
    """The values of a session's page at `now`; templates read them by name.

    `base` is the address of the page, `account` its label. `error` is the refusal of the last step, in a sentence, and
    `mistakes` are the messages at fields. `is_confirming` says that the bank asks for 3-D Secure. `onward` is the URL
    after a payment; with `leads_on` the script opens it. `is_filled` says that a test card was filled in.
    """

    session: CheckoutSession
    now: datetime
    csrf: str
    base: str
    merchant: Merchant
    account: str
    typed: TypedFields
    mistakes: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    notice: str | None = None
    is_confirming: bool = False
    is_filled: bool = False
    onward: str | None = None
    leads_on: bool = False
    invoice: str | None = None

    @property
    def state(self) -> str:
        """The session's status word."""
        return self.session.status.value

    @property
    def purchase(self) -> Purchase:
        """The goods."""
        return Purchase(self.session.order)

    @property
    def first_mistake(self) -> str | None:
        """The name of the first wrong field."""
        return next(iter(self.mistakes), None)

    @property
    def pay_label(self) -> str:
        """The text of the button that pays."""
        return "Subscribe" if self.purchase.is_subscription else f"Pay {self.purchase.price}"

    @property
    def time_left(self) -> str:
        """The time until the session expires, such as `23 h 59 min`."""
        seconds = max(self.session.expires_at - self.now, timedelta()) // timedelta(seconds=1)
        hours, minutes = seconds // 3600, seconds // 60 % 60
        if hours:
            return f"{hours} h {minutes} min"
        return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"

    @property
    def card_expiry(self) -> str:
        """A valid expiry date of a card, such as `12 / 34`."""
        return valid_expiry(self.now)

    @property
    def paid_with(self) -> str:
        """The brand and the last four digits of the card that paid."""
        paid = self.session.attempts[-1]
        return f"{paid.card_brand or 'Card'} •••• {paid.card_last4}"

    @property
    def back(self) -> str | None:
        """The URL after a cancellation."""
        return self.session.order.cancel_url

    @property
    def scripts(self) -> Sequence[str]:
        """The files of the scripts that the page runs."""
        if self.state == "pending":
            return ("history.js", "page.js", "submission.js") if self.is_confirming else PAYMENT_SCRIPTS
        if self.notice:
            return ("history.js",)
        return ("onward.js",) if self.leads_on and self.onward is not None and self.state == "completed" else ()

    @property
    def carried(self) -> Mapping[str, str]:
        """The fields that the form of the bank's step carries on. The mock stores no card."""
        return {name: text for name, text in self.typed._asdict().items() if text}

    @property
    def time(self) -> str:
        """The time on the account's clock."""
        return readable_time(self.now)

    @property
    def completed_time(self) -> str:
        """The time of the payment."""
        return readable_time(self.session.completed_at or self.now)

    @property
    def end_time(self) -> str:
        """The time at which the session expires by itself."""
        return readable_time(self.session.expires_at)

    @property
    def was_closed_early(self) -> bool:
        """The session was expired before its time."""
        return self.now < self.session.expires_at

    @property
    def redirects(self) -> Iterable[str]:
        """The redirects of the page's forms."""
        return filter(None, (self.session.order.success_url, self.session.order.cancel_url))


def account_label(account: AccountSummary) -> str:
    """The account as a person recognises it: its name and the hint of its key, or its id."""
    known = account.key_hint or account.id
    return f"{account.name} ({known})" if account.name else known


def valid_expiry(now: datetime) -> str:
    """An expiry date some years after `now`."""
    year = now.year + YEARS_OF_A_CARD
    return f"12 / {year % 100:02}" if year < 2100 else f"12 / {year}"


def readable_time(at: datetime) -> str:
    """A time as a person reads it, such as `15 January 2030, 12:00 UTC`."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
