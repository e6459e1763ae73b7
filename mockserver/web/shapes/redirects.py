"""The URLs that a buyer returns to."""

from __future__ import annotations

from mockserver.domain.redirect import with_session_id
from mockserver.domain.session import CheckoutSession


def success_redirect(session: CheckoutSession) -> str | None:
    """The URL after a payment."""
    url = session.order.success_url
    return None if url is None else with_session_id(url, session.id)


def cancel_redirect(session: CheckoutSession) -> str | None:
    """The URL after a cancellation."""
    return session.order.cancel_url
