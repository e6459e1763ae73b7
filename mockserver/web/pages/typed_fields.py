"""The fields of the checkout page's form, as a buyer types them.

Rule 1: a field that is sent is checked, and refused in words for a buyer. A program may leave a field out.
Rule 2: a date in the past is a mistake in the whole form alone; a program that sends less is declined by the card.
Rule 3: a number of a real card is never written into a page again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from mockserver.domain.card import is_real_card, parse_expiry
from mockserver.domain.errors import InvalidRequest
from mockserver.domain.payment.brand import brand_of, grouped
from mockserver.domain.payment.buyer import LONGEST_EMAIL, LONGEST_NAME, LONGEST_POSTAL_CODE, Buyer, is_email
from mockserver.domain.payment.card_table import CardLine
from mockserver.domain.payment.countries import COUNTRIES, DEFAULT_COUNTRY, POSTAL_CODES, SAMPLE_POSTAL_CODES
from mockserver.domain.payment.countries import is_postal_code as is_complete_postal_code

SAMPLE_EMAIL: Final = "buyer@example.com"
SAMPLE_NAME: Final = "Test Buyer"
_BEGUN_EMAIL: Final = re.compile(r"[^@\s]+(?:@(?:[^@\s.]+\.?)?)?")
_BEGUN_EXPIRY: Final = re.compile(r"[\W_]*[0-9]{0,2}[\W_]*|(?:0?[1-9]|1[0-2])[\W_]+(?:[0-9]|[0-9]{3})")
_NUMERIC: Final = ("card", "expiry", "cvc", "postal")
_LONGEST: Final[Mapping[str, int]] = {
    "email": LONGEST_EMAIL,
    "card": 40,
    "expiry": 12,
    "cvc": 12,
    "name": LONGEST_NAME,
    "country": 2,
    "postal": LONGEST_POSTAL_CODE,
}


class TypedFields(NamedTuple):
    """The texts of the fields in the order of the page."""

    email: str = ""
    card: str = ""
    expiry: str = ""
    cvc: str = ""
    name: str = ""
    country: str = DEFAULT_COUNTRY
    postal: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> TypedFields:
        """The fields of a form, each cut to its longest text; digits of any script become those of ASCII."""
        found = {name: given[name].strip()[:most] for name, most in _LONGEST.items() if name in given}
        return cls(**{name: _with_ascii_digits(text) if name in _NUMERIC else text for name, text in found.items()})

    @classmethod
    def of_buyer(cls, buyer: Buyer | None, email: str | None) -> TypedFields:
        """A new form with what is known of the session's buyer, or with the account's latest e-mail address."""
        if buyer is None:
            return cls(email=email or "")
        return cls(
            email=buyer.email, name=buyer.name, country=buyer.country or DEFAULT_COUNTRY, postal=buyer.postal_code
        )

    @property
    def number(self) -> str:
        """The card number without what separates its groups."""
        return re.sub(r"[\W_]", "", self.card)

    @property
    def brand(self) -> str:
        """The brand's name; empty before it is known."""
        return brand_of(self.number).name

    @property
    def shown_card(self) -> str:
        """The card number as a page may show it."""
        if is_real_card(re.sub(r"[^0-9]", "", self.card)):
            return ""
        return grouped(self.number) if re.fullmatch(r"[0-9]{0,19}", self.number, re.ASCII) else self.card

    @property
    def shown_brand(self) -> str:
        """The brand of the number that a page shows; empty if it shows none."""
        return self.brand if self.shown_card else ""

    @property
    def postal_note(self) -> str:
        """The words behind the label of the postal code: most countries need none."""
        return "" if self.country in POSTAL_CODES else " (optional)"

    @property
    def buyer(self) -> Buyer | None:
        """The buyer, if the e-mail address is known."""
        return Buyer(self.email, self.name, self.country, self.postal) if self.email else None

    def mistakes(self, sent: Mapping[str, str], now: datetime) -> dict[str, str]:
        """The messages of the fields that were sent and are wrong at `now`, in the order of the page."""
        found = {name: check(self) for name, check in _CHECKS.items() if name in sent}
        is_whole = sent.keys() >= _CHECKS.keys()
        if is_whole and not found["expiry"] and parse_expiry(self.expiry) < (now.year, now.month):
            found["expiry"] = "Your card's expiry date is in the past."
        return {name: message for name, message in found.items() if message}

    def filled(self, line: CardLine, *, expiry: str) -> TypedFields:
        """The form with a test card; empty fields of the buyer get sample texts."""
        return self._replace(
            email=self.email or SAMPLE_EMAIL,
            card=line.spaced,
            expiry=expiry,
            cvc=line.cvc,
            name=self.name or SAMPLE_NAME,
            postal=self.postal or SAMPLE_POSTAL_CODES.get(self.country, ""),
        )


def _with_ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text)


def _check_email(typed: TypedFields) -> str:
    if not typed.email:
        return "Enter your e-mail address."
    if is_email(typed.email):
        return ""
    fault = "incomplete" if _BEGUN_EMAIL.fullmatch(typed.email) else "invalid"
    return f"Your e-mail address is {fault}."


def _check_card(typed: TypedFields) -> str:
    if not typed.number:
        return "Enter your card number."
    if not re.fullmatch(r"[0-9]+", typed.number, re.ASCII):
        return "A card number has digits only."
    lengths = brand_of(typed.number).lengths
    if len(typed.number) < min(lengths):
        return "Your card number is incomplete."
    return "" if len(typed.number) <= max(lengths) else "Your card number has too many digits."


def _check_expiry(typed: TypedFields) -> str:
    if not typed.expiry:
        return "Enter the expiry date of your card."
    if _BEGUN_EXPIRY.fullmatch(typed.expiry):
        return "Your card's expiry date is incomplete."
    try:
        parse_expiry(typed.expiry)
    except InvalidRequest:
        return "Your card's expiry date is invalid. Enter month and year, such as 12 / 34."
    return ""


def _check_cvc(typed: TypedFields) -> str:
    if not typed.cvc:
        return "Enter the security code of your card."
    if not re.fullmatch(r"[0-9]{1,4}", typed.cvc, re.ASCII):
        return "Your card's security code is invalid. It has 3 or 4 digits."
    return "" if len(typed.cvc) >= brand_of(typed.number).cvc else "Your card's security code is incomplete."


def _check_name(typed: TypedFields) -> str:
    return "" if typed.name else "Enter the name on your card."


def _check_country(typed: TypedFields) -> str:
    return "" if typed.country in COUNTRIES else "Choose your country."


def _check_postal(typed: TypedFields) -> str:
    if not typed.postal and typed.country in POSTAL_CODES:
        return "Enter your postal code."
    return "" if is_complete_postal_code(typed.postal, typed.country) else "Your postal code is incomplete."


_CHECKS: Final[Mapping[str, Callable[[TypedFields], str]]] = {
    "email": _check_email,
    "card": _check_card,
    "expiry": _check_expiry,
    "cvc": _check_cvc,
    "name": _check_name,
    "country": _check_country,
    "postal": _check_postal,
}
