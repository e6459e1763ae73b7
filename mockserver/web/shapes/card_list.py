"""The test cards, as pages offer them."""

from __future__ import annotations

from typing import NamedTuple

from mockserver.domain.card import DEFAULT_CARD, TEST_CARDS


class CardShown(NamedTuple):
    """A test card with what it does, in a few words."""

    number: str
    does: str
    pays: bool
    asks_3d_secure: bool

    @property
    def spaced(self) -> str:
        """The number as it stands on a card."""
        return " ".join(self.number[at : at + 4] for at in range(0, len(self.number), 4))


def cards_shown() -> list[CardShown]:
    """The card that is typed in already, then each that behaves otherwise than by paying."""
    shown = [CardShown(DEFAULT_CARD, "pays", pays=True, asks_3d_secure=False)]
    for number, behaviour in TEST_CARDS.items():
        does = (behaviour.decline_code or "pays").replace("_", " ").replace("cvc", "CVC")
        if behaviour.asks_3d_secure:
            shown.append(CardShown(number, f"3-D Secure, then {does}", not behaviour.decline_code, True))
        elif behaviour.decline_code:
            shown.append(CardShown(number, does, pays=False, asks_3d_secure=False))
    return shown
