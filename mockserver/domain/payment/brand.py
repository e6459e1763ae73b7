"""Brands of cards, by the first digits of their numbers.

Rule 1: the first brand of the table whose pattern fits counts.
Rule 2: a pattern is a regular expression of Python and of JavaScript; the script of the checkout page reads it too.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple


class Brand(NamedTuple):
    """A brand: the start of its numbers, their lengths, the digits of its security code, and its groups of digits."""

    name: str
    prefix: str
    lengths: tuple[int, ...] = (16,)
    cvc: int = 3
    groups: tuple[int, ...] = (4, 4, 4, 4, 3)


_FIFTEEN: Final = (4, 6, 5)
_FOURTEEN: Final = (4, 6, 4)
BRANDS: Final = (
    Brand("Visa", "4"),
    Brand("Mastercard", "5[1-5]|2[2-7]"),
    Brand("American Express", "3[47]", lengths=(15,), cvc=4, groups=_FIFTEEN),
    Brand("BCcard", "65559000"),
    Brand("Discover", "6011|64[4-9]|65"),
    Brand("UnionPay", "62", lengths=(16, 17, 18, 19)),
    Brand("JCB", "35"),
    Brand("Diners Club", "36", lengths=(14,), groups=_FOURTEEN),
    Brand("Diners Club", "30[0-5]|3[89]", lengths=(14, 16)),
)
UNKNOWN: Final = Brand("", "", lengths=tuple(range(12, 20)))
"""The brand of every other number."""


def brand_of(number: str) -> Brand:
    """The brand of a number or of its first digits."""
    return next((brand for brand in BRANDS if re.match(brand.prefix, number)), UNKNOWN)


def grouped(number: str) -> str:
    """The digits in groups, as the brand prints them on its cards."""
    groups, start = [], 0
    for size in brand_of(number).groups:
        groups.append(number[start : start + size])
        start += size
    return " ".join(filter(None, groups))
