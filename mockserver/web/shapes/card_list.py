"""The test cards, as the pages list them."""

from __future__ import annotations

from typing import NamedTuple

from mockserver.domain.card import DEFAULT_CARD, TEST_CARDS


class CardOption(NamedTuple):
    """A test card and its effect in a few words."""

    number: str
    does: str
    pays: bool
    asks_3d_secure: bool

    @property
    def spaced(self) -> str:
        """The number in groups of four digits."""
        return " ".join(self.number[at : at + 4] for at in range(0, len(self.number), 4))


def card_options() -> list[CardOption]:
    """The default card, then each card that declines or asks for 3-D Secure."""
    options = [CardOption(DEFAULT_CARD, "pays", pays=True, asks_3d_secure=False)]
    for number, behaviour in TEST_CARDS.items():
        does = (behaviour.decline_code or "pays").replace("_", " ").replace("cvc", "CVC")
        if behaviour.asks_3d_secure:
            options.append(CardOption(number, f"3-D Secure, then {does}", not behaviour.decline_code, True))
        elif behaviour.decline_code:
            options.append(CardOption(number, does, pays=False, asks_3d_secure=False))
    return options
