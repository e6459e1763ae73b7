"""Price cards: the price of one unit of each resource.

Rule 1: prices and units are exact, in millionths; their product is rounded half up to a whole microcredit.
Rule 2: a resource without a price is refused, not free.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mockserver.domain.errors import FieldError, InvalidRequest
from mockserver.domain.money import MICRO

OBSERVED: Final[Mapping[str, int]] = MappingProxyType(
    {"dubbing": 150_000, "file_upload": 90_000, "image_generation": 190_000, "llm": MICRO, "transcription": 10_000}
)
"""Microcredits for a unit, as one witness saw them: a public application, May 2026."""

LONGEST_RESOURCE: Final = 200
"""The characters of the longest name of a resource."""


class PriceCard(NamedTuple):
    """The microcredits for one unit, by resource."""

    prices: Mapping[str, int] = OBSERVED

    def microcredits_for(self, resource: str, microunits: int) -> int:
        """The price of an amount of a resource, in microcredits. Raises InvalidRequest for an unpriced resource."""
        price = self.prices.get(resource)
        if price is None:
            message = (
                f"resource is {resource[:60]!r}, which has no price; set one with --price NAME=CREDITS or "
                f"MOCKSERVER_PRICES, or use {', '.join(sorted(self.prices)) or 'plain credits'}"
            )
            raise InvalidRequest(message, field_errors=[FieldError("/resource", message, "unpriced")])
        return (price * microunits * 2 + MICRO) // (2 * MICRO)
