"""Stripe's test cards, and what each does.

Rule 1: the number decides, and an expiry date that is over; nobody's real card is ever taken.
Rule 2: a decline leaves the session as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from mockserver.domain.errors import InvalidRequest

DEFAULT_CARD: Final = "4242424242424242"

_MESSAGES: Final = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "lost_card": "Your card was declined: it was reported lost.",
    "stolen_card": "Your card was declined: it was reported stolen.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little while.",
    "incorrect_number": "Your card number is incorrect.",
    "authentication_failed": "Your card was declined: the bank could not confirm that it is you.",
    "test_mode_live_card": "Your card was declined: this is a mock, which takes Stripe's test cards only.",
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a card does: whether it asks for 3-D Secure first, and how it declines (None: it pays)."""

    decline_code: str | None = None
    asks_3d_secure: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt to pay: `paid`, `authentication_required` or a decline code."""

    name: str
    message: str = ""

    @property
    def is_paid(self) -> bool:
        """Whether the card paid."""
        return self.name == "paid"


PAYS: Final = Behaviour()
TEST_CARDS: Final[Mapping[str, Behaviour]] = MappingProxyType(
    {
        "4242424242424242": PAYS,  # Visa
        "4000056655665556": PAYS,  # Visa debit
        "5555555555554444": PAYS,  # Mastercard
        "2223003122003222": PAYS,  # Mastercard, 2-series
        "378282246310005": PAYS,  # American Express
        "6011111111111117": PAYS,  # Discover
        "4000000000000002": Behaviour("generic_decline"),
        "4000000000009995": Behaviour("insufficient_funds"),
        "4000000000009987": Behaviour("lost_card"),
        "4000000000009979": Behaviour("stolen_card"),
        "4000000000000069": Behaviour("expired_card"),
        "4000000000000127": Behaviour("incorrect_cvc"),
        "4000000000000119": Behaviour("processing_error"),
        "4242424242424241": Behaviour("incorrect_number"),
        "4000002500003155": Behaviour(asks_3d_secure=True),
        "4000002760003184": Behaviour(asks_3d_secure=True),
        "4000008400001629": Behaviour("generic_decline", asks_3d_secure=True),
    }
)


@dataclass(frozen=True, slots=True)
class Card:
    """A card number, digits only, and its last month as (year, month), where that was told."""

    number: str
    expiry: tuple[int, int] | None = None

    @classmethod
    def of(cls, given: object, *, expiry: str = "", cvc: str = "") -> Card:
        """The card that is written as `given`; spaces and dashes are dropped. Raises InvalidRequest.

        `expiry` is such as `12/34`, `cvc` its security code; neither need be told.
        """
        number = re.sub(r"[ -]", "", given) if isinstance(given, str) else ""
        if not re.fullmatch(r"[0-9]{12,19}", number, re.ASCII):
            # the number itself is not repeated: somebody may have typed a real one
            raise InvalidRequest(f"that is no card number; 12 to 19 digits are needed, such as {DEFAULT_CARD}")
        if cvc and not re.fullmatch(r"[0-9]{3,4}", cvc, re.ASCII):
            raise InvalidRequest("that is no security code; 3 or 4 digits are needed, such as 123")
        return cls(number, _expiry(expiry) if expiry else None)

    @property
    def last4(self) -> str:
        """The last four digits, all that is kept of a card."""
        return self.number[-4:]

    def attempt(self, now: datetime, *, authenticated: bool | None = None) -> Outcome:
        """What comes of paying with this card; `authenticated`: 3-D Secure was passed, failed, or not yet asked."""
        behaviour = TEST_CARDS.get(self.number)
        if behaviour is None:
            return _declined("test_mode_live_card" if _luhn(self.number) else "incorrect_number")
        if self.expiry is not None and self.expiry < (now.year, now.month):
            return _declined("expired_card")
        if behaviour.asks_3d_secure and authenticated is None:
            return Outcome("authentication_required", "Your bank asks you to confirm this payment (3-D Secure).")
        if behaviour.asks_3d_secure and not authenticated:
            return _declined("authentication_failed")
        return _declined(behaviour.decline_code) if behaviour.decline_code else Outcome("paid")


def _declined(code: str) -> Outcome:
    return Outcome(code, _MESSAGES[code])


def _expiry(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*[/-]?\s*([0-9]{2}|[0-9]{4})\s*", text, re.ASCII)
    if found is None:
        raise InvalidRequest(f"the expiry date is {text[:20]!r}; month and year are needed, such as 12/34")
    year = int(found[2])
    return year if year > 99 else 2000 + year, int(found[1])


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
