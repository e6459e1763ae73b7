"""The rate of a purchase: the credits for so many dollars, as a server showed them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

_HUNDREDTH: Final = Decimal("0.01")
_TELLING: Final = 10
"""Dollars: of fewer, the rate of a third rounded to a hundredth looks like one of hundredths."""


class Rate(NamedTuple):
    """The credits that one purchase brought, and its dollars."""

    credits: Decimal
    dollars: int

    def expected(self, dollars: int) -> Decimal:
        """The credits for another purchase."""
        return self.credits * dollars / self.dollars

    def explains(self, other: Rate, *, exactly: bool) -> bool:
        """The other purchase is of the same rate.

        Unless `exactly`, a rate that is none of whole hundredths, such as a third, may have been rounded to a hundredth
        of a credit in both purchases.
        """
        expected = self.expected(other.dollars)
        if exactly or self.is_short:
            return other.credits == expected
        return abs(other.credits - expected) <= _HUNDREDTH * (1 + Decimal(other.dollars) / self.dollars)

    @property
    def is_short(self) -> bool:
        """The rate is one of whole hundredths of a credit."""
        per_dollar = self.credits / self.dollars
        return self.dollars >= _TELLING and per_dollar == round(per_dollar, 2)
