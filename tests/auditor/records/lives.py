"""Everything that exchanges say about one session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.auditor.exchange import Exchange, Window
from tests.auditor.rules import Order


@dataclass(slots=True)
class Life:
    """A session: its creation, the answers that show its state, and the requests that may have changed it.

    `born` is the moment of its creation. Without `created`, no answered request created it: a list showed it first.
    """

    id: str
    account: str
    order: Order
    born: Window
    created: Exchange | None = None
    expires_at: float | None = None
    created_at: float | None = None
    present: list[Exchange] = field(default_factory=list)
    missing: list[Exchange] = field(default_factory=list)
    pending: list[Exchange] = field(default_factory=list)
    completed: list[Exchange] = field(default_factory=list)
    expired: list[Exchange] = field(default_factory=list)
    not_expired: list[Exchange] = field(default_factory=list)
    paid: list[Exchange] = field(default_factory=list)
    maybe_paid: list[Exchange] = field(default_factory=list)
    ended: list[Exchange] = field(default_factory=list)
    maybe_ended: list[Exchange] = field(default_factory=list)
    declined: list[Exchange] = field(default_factory=list)
    views: list[tuple[Exchange, Mapping[str, Any]]] = field(default_factory=list)
    completed_at: float | None = None

    def show(self, status: object, exchange: Exchange) -> None:
        """Note that an answer shows the session with this status."""
        self.present.append(exchange)
        if status == "pending":
            self.pending.append(exchange)
        elif status == "completed":
            self.completed.append(exchange)
        elif status == "expired":
            self.expired.append(exchange)
