"""Cards, and the outcome of an attempt to pay with one.

Rule 1: the number decides, and an expiry date in the past. A real card is never accepted.
Rule 2: a decline leaves the session unchanged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from mockserver.domain.errors import InvalidRequest
from mockserver.domain.payment.brand import Brand, brand_of
from mockserver.domain.payment.card_table import DEFAULT_CARD, EXPIRED_CARD, INCORRECT_NUMBER, TEST_CARDS, Decline


class Outcome(NamedTuple):
    """The result of one attempt to pay: `paid`, `authentication_required` or a decline code."""

    name: str
    message: str = ""

    @property
    def is_paid(self) -> bool:
        """The card paid."""
        return self.name == "paid"


_UNAUTHENTICATED: Final = Decline(
    "authentication_failed", "Your card was declined: the bank could not confirm that it is you."
)
_LIVE_CARD: Final = Decline(
    "test_mode_live_card", "Your card was declined: this is a mock, which takes test cards only."
)
_NETWORKS: Final = re.compile(
    r"4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|6(?:011|[45][0-9]{2})[0-9]{12}|35[0-9]{14}"
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11,13}|62[0-9]{14,17}"
)
"""Visa, Mastercard, American Express, Discover, JCB, Diners Club and UnionPay, by their first digits and lengths."""
_MONTH: Final = r"(?P<month>0?[1-9]|1[0-2])"
_EXPIRY: Final = re.compile(rf"{_MONTH}[\W_]*(?P<year>[0-9]{{4}}|[0-9]{{2}})")
# as a form of HTML writes a month, and so what fills in forms
_MONTH_LAST: Final = re.compile(rf"(?P<year>[0-9]{{4}})[\W_]+{_MONTH}")


@dataclass(frozen=True, slots=True)
class Card:
    """A card number, digits only, and its last month as (year, month) if given."""

    number: str
    expiry: tuple[int, int] | None = None

    @classmethod
    def of(cls, given: object, *, expiry: str = "", cvc: str = "") -> Card:
        """Parse a card number; spaces and dashes are dropped. Raises InvalidRequest.

        `expiry` has the form `12/34`; `cvc` is the security code. Both are optional.
        """
        if not isinstance(given, str):
            raise InvalidRequest(f"the card is no text; its number as a text is needed, such as '{DEFAULT_CARD}'")
        number = re.sub(r"[ -]", "", given)
        if not re.fullmatch(r"[0-9]{12,19}", number, re.ASCII):
            # the message does not repeat the number, which may be a real one
            raise InvalidRequest(f"not a card number; 12 to 19 digits are needed, such as {DEFAULT_CARD}")
        if cvc and not re.fullmatch(r"[0-9]{3,4}", cvc, re.ASCII):
            raise InvalidRequest("not a security code; 3 or 4 digits are needed, such as 123")
        return cls(number, parse_expiry(expiry) if expiry else None)

    @property
    def last4(self) -> str:
        """The last four digits, the only ones that are stored."""
        return self.number[-4:]

    @property
    def brand(self) -> Brand:
        """The brand of the number."""
        return brand_of(self.number)

    def attempt(self, now: datetime, *, authenticated: bool | None = None) -> Outcome:
        """The outcome of an attempt to pay. `authenticated` is the result of 3-D Secure; None before it."""
        behaviour = TEST_CARDS.get(self.number)
        if behaviour is None:
            return _declined(_LIVE_CARD if _has_valid_checksum(self.number) else INCORRECT_NUMBER)
        if self.expiry is not None and self.expiry < (now.year, now.month):
            return _declined(EXPIRED_CARD)
        if behaviour.asks_3d_secure and authenticated is None:
            return Outcome("authentication_required", "Your bank asks you to confirm this payment (3-D Secure).")
        if behaviour.asks_3d_secure and not authenticated:
            return _declined(_UNAUTHENTICATED)
        return _declined(behaviour.decline) if behaviour.decline else Outcome("paid")


def is_real_card(number: str) -> bool:
    """The digits may be those of a card that somebody has: a network's form, a valid checksum, and no test card."""
    return _NETWORKS.fullmatch(number) is not None and number not in TEST_CARDS and _has_valid_checksum(number)


def _declined(decline: Decline) -> Outcome:
    return Outcome(decline.code, decline.message)


def parse_expiry(text: str) -> tuple[int, int]:
    """The last month of a card as (year, month), from a text such as `12/34` or `2034-12`. Raises InvalidRequest."""
    match = _EXPIRY.fullmatch(text.strip()) or _MONTH_LAST.fullmatch(text.strip())
    if match is None:
        raise InvalidRequest(f"the expiry date is {text[:20]!r}; month and year are needed, such as 12/34")
    year = int(match["year"])
    return year if year > 99 else 2000 + year, int(match["month"])


def _has_valid_checksum(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
