"""Builders of domain values. A test gives the relevant fields; the others have defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from mockserver.domain.invoice import Invoice
from mockserver.domain.ledger import CreditEntry, EntryKind
from mockserver.domain.money import MICRO
from mockserver.domain.order import Mode, Order
from mockserver.domain.session import LIFETIME, CheckoutSession, Status

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
ACCOUNT = "acct_0123456789ab"
OTHER = "acct_ba9876543210"

_numbers = count()


def an_id() -> str:
    """A fresh session id."""
    return f"cs_test_{next(_numbers):058}"


def an_order(*, dollars: int = 50, mode: Mode = Mode.PAYMENT, plan_id: str | None = None, **fields: Any) -> Order:
    """An order of credits for an amount of dollars, one credit per dollar."""
    return Order(mode, plan_id, Decimal(dollars), dollars * 100, dollars * MICRO, **fields)


def a_session(
    *,
    status: Status = Status.PENDING,
    account: str = ACCOUNT,
    created_at: datetime = NOON,
    life: timedelta = LIFETIME,
    order: Order | None = None,
) -> CheckoutSession:
    """A session of an account."""
    return CheckoutSession(
        id=an_id(),
        account=account,
        order=order or an_order(),
        created_at=created_at,
        expires_at=created_at + life,
        status=status,
        completed_at=created_at + timedelta(minutes=1) if status is Status.COMPLETED else None,
    )


def an_entry(*, account: str = ACCOUNT, credits: int = 10, session: str | None = None, **fields: Any) -> CreditEntry:
    """A ledger entry."""
    values = {"kind": EntryKind.PURCHASE if session else EntryKind.GRANT, "at": NOON, **fields}
    return CreditEntry(account, microcredits=credits * MICRO, session=session, **values)


def an_invoice(*, account: str = ACCOUNT, session: str | None = None, **fields: Any) -> Invoice:
    """An invoice for 50 dollars of credits; of an auto recharge unless `session` is given."""
    name = f"in_{next(_numbers):024}"
    values = {"description": "50 credits", "cents": 5_000, "microcredits": 50 * MICRO, "created_at": NOON, **fields}
    return Invoice(id=name, account=account, session=session, **values)


class SettableClock:
    """A source of real time that a test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        """Move real time forward."""
        self.now += by
