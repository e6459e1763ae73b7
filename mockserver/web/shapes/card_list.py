"""The test cards, as the pages list them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from mockserver.domain.payment.card_table import DEFAULT_CARD, CardLine, card_lines

USED_MOST: Final = (DEFAULT_CARD, "4000000000000002", "4000000000009995", "4000002500003155")


class CardGroup(NamedTuple):
    """Test cards with a like effect."""

    title: str
    cards: Sequence[CardLine]


def card_options() -> list[CardLine]:
    """The default card, then each card that declines or asks for 3-D Secure: the list of the dashboard."""
    return [each for each in card_lines() if each.number == DEFAULT_CARD or not each.pays or each.asks_3d_secure]


def card_groups() -> Sequence[CardGroup]:
    """All test cards, those first that are used most: the list of the checkout page."""
    most = [each for each in card_lines() if each.number in USED_MOST]
    rest = [each for each in card_lines() if each.number not in USED_MOST]
    return (
        CardGroup("Used most", most),
        CardGroup("Declined", [each for each in rest if not each.pays and not each.asks_3d_secure]),
        CardGroup("3-D Secure", [each for each in rest if each.asks_3d_secure]),
        CardGroup("Success, by brand", [each for each in rest if each.pays and not each.asks_3d_secure]),
    )
