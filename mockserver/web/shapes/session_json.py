"""The JSON of a session in the control API: the same fields in every profile, absent values null."""

from __future__ import annotations

from typing import Any, Final

from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_credits, as_json_number
from mockserver.domain.session import CheckoutSession

CURRENCY: Final = "usd"


def session_json(session: CheckoutSession, *, url: str) -> dict[str, Any]:
    """The session as JSON; `url` is that of its checkout page."""
    order, buyer = session.order, session.buyer
    return {
        "id": session.id,
        "url": url,
        "account": session.account,
        "mode": order.mode.value,
        "plan_id": order.plan_id,
        "amount": None if order.amount is None else as_json_number(order.amount),
        "currency": CURRENCY,
        "status": session.status.value,
        "credits": as_credits(order.microcredits),
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
        "created_at": rfc3339(session.created_at),
        "expires_at": rfc3339(session.expires_at),
        "completed_at": None if session.completed_at is None else rfc3339(session.completed_at),
        "email": buyer and buyer.email,
        "buyer_name": (buyer and buyer.name) or None,
        "country": (buyer and buyer.country) or None,
        "postal_code": (buyer and buyer.postal_code) or None,
        "attempts": [
            {
                "at": rfc3339(attempt.at),
                "card_brand": attempt.card_brand or None,
                "card_last4": attempt.card_last4,
                "outcome": attempt.outcome,
            }
            for attempt in session.attempts
        ],
    }
