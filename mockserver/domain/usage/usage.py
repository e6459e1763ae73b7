"""The usage of an account."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Usage(NamedTuple):
    """An account's balance and consumption in microcredits.

    `breakdown` is this month's consumption by category. `units` is all consumption by resource, in millionths.
    `email` is the address of the latest buyer.
    """

    balance: int
    used: int
    breakdown: Mapping[str, int]
    plan_id: str | None
    units: Mapping[str, int] = MappingProxyType({})
    email: str | None = None

    @property
    def this_month(self) -> int:
        """The consumption since the month began."""
        return sum(self.breakdown.values())
