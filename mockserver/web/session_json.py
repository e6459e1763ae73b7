"""A session as the control API shows it: the same fields in every profile, absent values null."""

from __future__ import annotations

from typing import Any, Final

from mockserver.domain.instant import rfc3339
from mockserver.domain.money import as_credits, as_json_number
from mockserver.domain.redirect import with_session_id
from mockserver.domain.session import CheckoutSession

CURRENCY: Final = "usd"


def session_json(session: CheckoutSession, *, url: str) -> dict[str, Any]:
    """The session as JSON; `url` is where its page opens."""
    order = session.order
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
        "attempts": [
            {"at": rfc3339(attempt.at), "card_last4": attempt.card_last4, "outcome": attempt.outcome}
            for attempt in session.attempts
        ],
    }


def success_redirect(session: CheckoutSession) -> str | None:
    """Where a buyer is sent who has paid."""
    url = session.order.success_url
    return None if url is None else with_session_id(url, session.id)


def cancel_redirect(session: CheckoutSession) -> str | None:
    """Where a buyer is sent who turned back."""
    return session.order.cancel_url
