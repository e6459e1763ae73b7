"""Invoices: one for each completed payment, by a buyer or by auto recharge.

Rule 1: a checkout session has at most one invoice; a session that sold nothing has none.
Rule 2: the content of an invoice is fixed at payment.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from mockserver.domain.identifier import alphanumeric
from mockserver.domain.money import as_credits
from mockserver.domain.order import DEFAULT_PLAN, Mode
from mockserver.domain.recharge import Charge
from mockserver.domain.session import CheckoutSession

ID_LENGTH: Final = 24
"""The number of alphanumerics after `in_` in an invoice's id, as in Stripe's."""


class Invoice(NamedTuple):
    """A completed payment: its price in whole cents, its credits in microcredits, the buyer's address if known."""

    id: str
    account: str
    description: str
    cents: int
    microcredits: int
    created_at: datetime
    session: str | None = None
    email: str | None = None

    @classmethod
    def of_session(
        cls, session: CheckoutSession, invoice_id: str, now: datetime, *, email: str | None = None
    ) -> Invoice | None:
        """The invoice for a session paid at `now`; None if it sold nothing."""
        order = session.order
        if order.mode is Mode.PAYMENT and not order.cents:
            return None
        description = _credits(order.microcredits)
        if order.mode is Mode.SUBSCRIPTION:
            description = f"Plan {order.plan_id or DEFAULT_PLAN}, {description}"
        return cls(invoice_id, session.account, description, order.cents, order.microcredits, now, session.id, email)

    @classmethod
    def of_recharge(
        cls, account: str, invoice_id: str, charge: Charge, now: datetime, *, email: str | None = None
    ) -> Invoice:
        """The invoice for an auto recharge."""
        description = f"Auto recharge, {_credits(charge.microcredits)}"
        return cls(invoice_id, account, description, charge.cents, charge.microcredits, now, email=email)


def invoice_id(entropy: bytes) -> str:
    """An invoice's id, in Stripe's form, from 24 random bytes."""
    return "in_" + alphanumeric(entropy)


def _credits(microcredits: int) -> str:
    return f"{as_credits(microcredits)} credits"
