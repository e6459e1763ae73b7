"""The lifecycle of a checkout session.

Rule 1: TRANSITIONS holds every state and every transition.
Rule 2: a pending session is expired from the instant `expires_at` on.
Rule 3: nothing here knows HTTP, storage or the time of day; `now` and entropy are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from mockserver.domain.errors import CheckoutError, SessionCompleted, SessionExpired
from mockserver.domain.identifier import alphanumeric, from_alphanumeric, to_alphanumeric
from mockserver.domain.instant import rfc3339
from mockserver.domain.order import Order
from mockserver.domain.payment.buyer import Buyer

LIFETIME: Final = timedelta(hours=24)
ID_LENGTH: Final = 58
"""The number of alphanumerics after `cs_test_` in a session's id."""
NUMBER_LENGTH: Final = 8
"""The number of alphanumerics at the end of an id that may carry a number; the 50 before it are random."""

_NUMBERS: Final = 62**NUMBER_LENGTH
# Prime to 62, so that each number has a text of its own; the texts of successive numbers have little in common.
_SPREAD: Final = 77_232_917_354_939
_UNSPREAD: Final = pow(_SPREAD, -1, _NUMBERS)
_ID: Final = re.compile(rf"cs_test_[A-Za-z0-9]{{{ID_LENGTH}}}", re.ASCII)


class Status(StrEnum):
    """The states of a session, in VideoDB's words."""

    PENDING = "pending"
    COMPLETED = "completed"
    EXPIRED = "expired"


class SessionEvent(StrEnum):
    """The events of a session."""

    PAY = "pay"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"


TRANSITIONS: Final[Mapping[Status, Mapping[SessionEvent, Status]]] = {
    Status.PENDING: {
        SessionEvent.PAY: Status.COMPLETED,
        SessionEvent.DECLINE: Status.PENDING,
        SessionEvent.CANCEL: Status.PENDING,
        SessionEvent.EXPIRE: Status.EXPIRED,
    },
    Status.COMPLETED: {},
    Status.EXPIRED: {},
}


class Attempt(NamedTuple):
    """One attempt to pay: its time, card and outcome. The brand is empty in sessions of older mocks."""

    at: datetime
    card_last4: str
    outcome: str
    card_brand: str = ""


class CheckoutSession(NamedTuple):
    """An order that is pending, paid or expired."""

    id: str
    account: str
    order: Order
    created_at: datetime
    expires_at: datetime
    status: Status = Status.PENDING
    completed_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
    buyer: Buyer | None = None

    def at(self, now: datetime) -> CheckoutSession:
        """The session in its state at `now`: a due pending session has expired."""
        if self.status is Status.PENDING and now >= self.expires_at:
            return self._replace(status=Status.EXPIRED)
        return self

    def refusal(self, event: SessionEvent) -> CheckoutError | None:
        """The error if the event cannot happen; None if it can."""
        if event in TRANSITIONS[self.status]:
            return None
        if self.status is Status.COMPLETED:
            return SessionCompleted(f"the session was paid at {rfc3339(self.completed_at or self.created_at)}")
        return SessionExpired(f"the session has expired; it was open until {rfc3339(self.expires_at)} at the latest")

    def after(self, event: SessionEvent, now: datetime) -> CheckoutSession:
        """The session after the event at `now`. Raises SessionCompleted or SessionExpired."""
        if refusal := self.refusal(event):
            raise refusal
        status = TRANSITIONS[self.status][event]
        return self._replace(status=status, completed_at=now if status is Status.COMPLETED else self.completed_at)

    def with_attempt(self, attempt: Attempt, buyer: Buyer | None = None) -> CheckoutSession:
        """The session with one more attempt, and with its buyer if that one is known."""
        return self._replace(attempts=(*self.attempts, attempt), buyer=buyer or self.buyer)


def session_id(entropy: bytes, number: int | None = None) -> str:
    """A session id, in Stripe's form, from 58 random bytes. Its end may carry the number of a row, from 0 to 62**8."""
    text = "cs_test_" + alphanumeric(entropy)
    return text if number is None else text[:-NUMBER_LENGTH] + _number_text(number)


def session_number(text: str) -> int | None:
    """The number that a session id may carry; None for a text of another form. A random id shows one, too."""
    if not is_session_id(text):
        return None
    return from_alphanumeric(text[-NUMBER_LENGTH:]) * _UNSPREAD % _NUMBERS


def carries_number(text: str, number: int) -> bool:
    """The text is a session id that carries this number."""
    return text[-NUMBER_LENGTH:] == _number_text(number) and is_session_id(text)


def _number_text(number: int) -> str:
    return to_alphanumeric(number * _SPREAD % _NUMBERS)


def is_session_id(text: str) -> bool:
    """The text has the form of a session id."""
    return _ID.fullmatch(text) is not None
