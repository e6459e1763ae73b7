"""The billing operations that the mock can serve with state, and examples of their requests and replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from mockserver.contract.profile.profile import Profile

_PAYMENT: Final = {"amount": 50}
_SUBSCRIPTION: Final = {"mode": "subscription", "plan_id": "plan-basic"}
_TIME: Final = "2030-01-01T00:00:00.000Z"
_URL: Final = "https://checkout.stripe.com/c/pay/xxx"
_SESSION: Final[Mapping[str, Any]] = {
    "id": f"cs_test_{'a' * 58}",
    "url": _URL,
    "amount": 50,
    "amount_cents": 5_000,
    "currency": "usd",
    "status": "pending",
    "mode": "payment",
    "plan_id": "plan-basic",
    "created_at": _TIME,
    "expires_at": _TIME,
}
_INVOICE: Final[Mapping[str, Any]] = {
    "id": f"in_{'a' * 24}",
    "amount": 50,
    "amount_cents": 5_000,
    "currency": "usd",
    "status": "paid",
    "pdf_url": _URL,
    "created_at": _TIME,
    "description": "50 credits",
}
_USAGE: Final[Mapping[str, Any]] = {
    "credit_balance": 50,
    "usage_this_month": 1,
    "breakdown": {"indexing": 1},
    "plan_id": "plan-basic",
    "email": "developer@example.com",
    "credit_used": 1,
    "units": {"transcription": 100},
    "cost_metric": {"transcription": 0.01},
}
_RECHARGE: Final[Mapping[str, Any]] = {"enabled": True, "threshold": 10, "amount": 50}


class BillingOperation(NamedTuple):
    """An operation with state. `orders` are bodies that its endpoint takes; none means that it takes no body."""

    method: str
    path: str
    reply: Callable[[Profile], Any]
    orders: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


CHECKOUT: Final = BillingOperation(
    "POST", "/billing/checkout", lambda profile: profile.checkout_body(_SESSION), (_PAYMENT, _SUBSCRIPTION)
)
OPERATIONS: Final = (
    CHECKOUT,
    BillingOperation("GET", "/billing/checkouts", lambda profile: profile.list_body([_SESSION])),
    BillingOperation("GET", "/billing/usage", lambda profile: profile.usage_body(_USAGE)),
    BillingOperation("GET", "/billing/invoices", lambda profile: profile.invoices_body([_INVOICE])),
    BillingOperation("POST", "/billing/topup", lambda profile: profile.topup_body(_SESSION), (_PAYMENT,)),
    BillingOperation("GET", "/billing/auto_recharge", lambda profile: profile.auto_recharge_body(_RECHARGE)),
    BillingOperation(
        "POST",
        "/billing/auto_recharge",
        lambda profile: profile.auto_recharge_set_body({**_RECHARGE, "message": "Auto recharge is on"}),
        (_RECHARGE,),
    ),
)
"""The operations, in the order in which messages list them."""
