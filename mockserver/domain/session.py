"""The life of a checkout session.

Rule 1: every state and every way from one to another stands in TRANSITIONS.
Rule 2: a pending session whose `expires_at` has come is expired; that instant itself is past its life.
Rule 3: nothing here knows HTTP, storage or the time of day; `now` and entropy are told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from mockserver.domain.errors import CheckoutError, SessionCompleted, SessionExpired
from mockserver.domain.identifier import alphanumeric
from mockserver.domain.instant import rfc3339
from mockserver.domain.order import Order

LIFETIME: Final = timedelta(hours=24)
ID_LENGTH: Final = 58
"""How many alphanumerics follow `cs_test_` in a session's id."""

_ID: Final = re.compile(rf"cs_test_[A-Za-z0-9]{{{ID_LENGTH}}}", re.ASCII)


class Status(StrEnum):
    """VideoDB's words for where a session stands."""

    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"


class Event(StrEnum):
    """What can happen to a session."""

    PAY = "pay"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"


TRANSITIONS: Final[Mapping[Status, Mapping[Event, Status]]] = {
    Status.PENDING: {
        Event.PAY: Status.COMPLETED,
        Event.DECLINE: Status.PENDING,
        Event.CANCEL: Status.PENDING,
        Event.EXPIRE: Status.EXPIRED,
    },
    Status.COMPLETED: {},
    Status.EXPIRED: {},
}


class Attempt(NamedTuple):
    """One attempt to pay: when, with which card, and what came of it."""

    at: datetime
    card_last4: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """An order that waits to be paid, was paid, or was left too long."""

    id: str
    account: str
    order: Order
    created_at: datetime
    expires_at: datetime
    status: Status = Status.PENDING
    completed_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()

    def at(self, now: datetime) -> CheckoutSession:
        """The session as it stands at `now`: a pending one past its life has expired."""
        if self.status is Status.PENDING and now >= self.expires_at:
            return replace(self, status=Status.EXPIRED)
        return self

    def refusal(self, event: Event) -> CheckoutError | None:
        """Why the event cannot happen now; None when it can."""
        if event in TRANSITIONS[self.status]:
            return None
        if self.status is Status.COMPLETED:
            return SessionCompleted(f"the session was paid at {rfc3339(self.completed_at or self.created_at)}")
        return SessionExpired(f"the session has expired; it was open until {rfc3339(self.expires_at)} at the latest")

    def after(self, event: Event, now: datetime) -> CheckoutSession:
        """The session once the event has happened at `now`; raises SessionCompleted or SessionExpired."""
        if refusal := self.refusal(event):
            raise refusal
        status = TRANSITIONS[self.status][event]
        return replace(self, status=status, completed_at=now if status is Status.COMPLETED else self.completed_at)

    def attempted(self, attempt: Attempt) -> CheckoutSession:
        """The session with one more attempt on its record."""
        return replace(self, attempts=(*self.attempts, attempt))


def session_id(entropy: bytes) -> str:
    """A session id, in Stripe's form, from 58 random bytes."""
    return "cs_test_" + alphanumeric(entropy)


def is_session_id(text: str) -> bool:
    """Whether the text has the form of a session id."""
    return _ID.fullmatch(text) is not None
