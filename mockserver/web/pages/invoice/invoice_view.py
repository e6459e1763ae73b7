"""The values that an invoice's PDF shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mockserver.billing.invoices import InvoiceRecord
from mockserver.domain.money import as_credits, format_dollars
from mockserver.domain.payment.countries import COUNTRIES
from mockserver.web.pages.merchant import Merchant
from mockserver.web.pages.purchase import format_unit_price

HIDDEN: Final = "\N{BULLET}" * 4


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """The texts of one invoice."""

    record: InvoiceRecord
    merchant: Merchant

    @property
    def number(self) -> str:
        """The invoice's id."""
        return self.record.invoice.id

    @property
    def date(self) -> str:
        """The day of the payment, such as `15 January 2030`."""
        return readable_date(self.record.invoice.created_at)

    @property
    def account(self) -> str:
        """The account's name or the hint of its key, and its id."""
        account = self.record.account
        return " ".join(filter(None, (account.name, account.key_hint and f"{account.key_hint},", account.id)))

    @property
    def buyer(self) -> Sequence[str]:
        """The lines of the buyer's address; one line if nobody is known."""
        session = self.record.session
        buyer = session.buyer if session else None
        if buyer is None:
            return (self.record.invoice.email or "The owner of the account",)
        place = " ".join(filter(None, (buyer.postal_code, COUNTRIES.get(buyer.country, ""))))
        return tuple(filter(None, (buyer.name, buyer.email, place)))

    @property
    def item(self) -> Sequence[str]:
        """Description, quantity, unit price and amount of the one line item."""
        invoice = self.record.invoice
        if invoice.description.startswith("Plan ") or not invoice.microcredits:
            quantity, unit_price = "1", format_dollars(invoice.cents)
        else:
            quantity = f"{as_credits(invoice.microcredits):,}"
            unit_price = format_unit_price(invoice.cents, invoice.microcredits)
        return self._description, quantity, unit_price, format_dollars(invoice.cents)

    @property
    def _description(self) -> str:
        """The description, with the commas of large numbers."""
        invoice = self.record.invoice
        credits = as_credits(invoice.microcredits)
        return invoice.description.replace(f"{credits} credits", f"{credits:,} credits")

    @property
    def total(self) -> str:
        """The total, such as `$50.00 USD`."""
        return f"{format_dollars(self.record.invoice.cents)} USD"

    @property
    def payment(self) -> str:
        """A sentence on the payment."""
        session = self.record.session
        if session is None or not session.attempts:
            return f"Paid on {self.date}."
        card = session.attempts[-1]
        return f"Paid on {self.date} with {card.card_brand or 'the card'} {HIDDEN} {card.card_last4}."


def readable_date(at: datetime) -> str:
    """A day as a person reads it, such as `15 January 2030`."""
    return f"{at.day} {at:%B %Y}"
