"""The test cards, in one table: their brand, their kind and their behaviour.

The checkout page, the dashboard, the control API, the fixture, the documentation and the tests read this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mockserver.domain.payment.brand import Brand, brand_of, grouped

DEFAULT_CARD: Final = "4242424242424242"
_ALIASES: Final = MappingProxyType({"American Express": "Amex"})


class Decline(NamedTuple):
    """A decline: Stripe's code, and the message on the checkout page."""

    code: str
    message: str


class CardBehaviour(NamedTuple):
    """A card's behaviour: it pays or declines, after 3-D Secure if it asks for that. `kind` is a word on the card."""

    decline: Decline | None = None
    asks_3d_secure: bool = False
    kind: str = ""

    @property
    def decline_code(self) -> str | None:
        """Stripe's code of the decline; None if the card pays."""
        return self.decline.code if self.decline else None


class CardLine(NamedTuple):
    """A line of the table, as pages show it."""

    number: str
    behaviour: CardBehaviour

    @property
    def brand(self) -> Brand:
        """The brand of the number."""
        return brand_of(self.number)

    @property
    def does(self) -> str:
        """The effect in a few words, such as `3-D Secure, then pays`."""
        effect = (self.behaviour.decline_code or "pays").replace("_", " ").replace("cvc", "CVC")
        return f"3-D Secure, then {effect}" if self.asks_3d_secure else effect

    @property
    def words(self) -> str:
        """The words by which a search finds the card: number, brand, effect, and what else people call them."""
        outcome = "pays succeeds success" if self.pays else "declined decline"
        alias = _ALIASES.get(self.brand.name, "")
        return " ".join((self.spaced, self.number, self.brand.name, alias, self.does, self.behaviour.kind, outcome))

    @property
    def pays(self) -> bool:
        """The card pays, after 3-D Secure if it asks for that."""
        return self.behaviour.decline is None

    @property
    def asks_3d_secure(self) -> bool:
        """The card asks for 3-D Secure."""
        return self.behaviour.asks_3d_secure

    @property
    def spaced(self) -> str:
        """The number in groups of digits."""
        return grouped(self.number)

    @property
    def cvc(self) -> str:
        """A security code of the brand's length."""
        return "1234"[: self.brand.cvc]


def _pays(kind: str = "") -> CardBehaviour:
    return CardBehaviour(kind=kind)


def _declines(code: str, message: str) -> CardBehaviour:
    return CardBehaviour(Decline(code, message))


PAYS: Final = CardBehaviour()
GENERIC_DECLINE: Final = Decline("generic_decline", "Your card was declined.")
EXPIRED_CARD: Final = Decline("expired_card", "Your card has expired.")
INCORRECT_NUMBER: Final = Decline("incorrect_number", "Your card number is incorrect.")
INCORRECT_CVC: Final = Decline("incorrect_cvc", "Your card's security code is incorrect.")
INSUFFICIENT_FUNDS: Final = Decline("insufficient_funds", "Your card has insufficient funds.")

TEST_CARDS: Final[Mapping[str, CardBehaviour]] = MappingProxyType(
    {
        DEFAULT_CARD: PAYS,
        "4000056655665556": _pays("debit"),
        "5555555555554444": PAYS,
        "2223003122003222": _pays("2-series"),
        "5200828282828210": _pays("debit"),
        "5105105105105100": _pays("prepaid"),
        "378282246310005": PAYS,
        "371449635398431": PAYS,
        "6011111111111117": PAYS,
        "6011000990139424": PAYS,
        "6011981111111113": _pays("debit"),
        "3056930009020004": PAYS,
        "36227206271667": _pays("14 digits"),
        "6555900000604105": _pays("and DinaCard"),
        "3566002020360505": PAYS,
        "6200000000000005": PAYS,
        "6200000000000047": _pays("debit"),
        "6205500000000000004": _pays("19 digits"),
        "4000000000000002": CardBehaviour(GENERIC_DECLINE),
        "4000000000009995": CardBehaviour(INSUFFICIENT_FUNDS),
        "4000000000009987": _declines("lost_card", "Your card was declined: it was reported lost."),
        "4000000000009979": _declines("stolen_card", "Your card was declined: it was reported stolen."),
        "4000000000000069": CardBehaviour(EXPIRED_CARD),
        "4000000000000127": CardBehaviour(INCORRECT_CVC),
        "4000000000000119": _declines(
            "processing_error", "An error occurred while processing your card. Try again in a little while."
        ),
        "4242424242424241": CardBehaviour(INCORRECT_NUMBER),
        "4000000000006975": _declines(
            "card_velocity_exceeded", "Your card was declined: it has reached its limit. Use another card."
        ),
        # as with Stripe, a buyer does not learn of the suspicion
        "4100000000000019": _declines("fraudulent", GENERIC_DECLINE.message),
        # the mock's own number: Stripe's page lists none for this code
        "4000000000000507": _declines("do_not_honor", "Your card was declined. Your bank can tell you why."),
        "4000002500003155": CardBehaviour(asks_3d_secure=True),
        "4000002760003184": CardBehaviour(asks_3d_secure=True, kind="asks always"),
        "4000000000003220": CardBehaviour(asks_3d_secure=True, kind="required"),
        "4000003800000446": CardBehaviour(asks_3d_secure=True, kind="already set up"),
        "4000000000003055": _pays("3-D Secure not required"),
        "4000008400001629": CardBehaviour(GENERIC_DECLINE, asks_3d_secure=True),
        "4000008260003178": CardBehaviour(INSUFFICIENT_FUNDS, asks_3d_secure=True),
    }
)
"""Every test card: all that Stripe lists as successful, the declines, and those that ask for 3-D Secure."""


def card_line(number: str) -> CardLine | None:
    """The line of a number; None if it is no test card."""
    behaviour = TEST_CARDS.get(number)
    return None if behaviour is None else CardLine(number, behaviour)


def card_lines() -> tuple[CardLine, ...]:
    """The lines of the table, in its order."""
    return tuple(CardLine(number, behaviour) for number, behaviour in TEST_CARDS.items())
