"""Numbers that a schema allows and a right server may refuse.

It stores money with a few digits, and has a smallest and a largest order of its own.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

_LARGEST: Final = 10**12
_MOST_PLACES: Final = 6
_USUAL: Final = 1_000
"""Orders up to this many dollars are sold everywhere."""


def has_extreme_number(body: bytes) -> bool:
    """A number in the JSON body is very large or has many decimal places."""
    try:
        value = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return False
    return _is_extreme(value)


def has_unusual_amount(body: bytes, *, least: int) -> bool:
    """The order in the JSON body is larger than usual, or smaller than the least that the server sells."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return False
    amount = value.get("amount") if isinstance(value, dict) else None
    if not isinstance(amount, int | float) or isinstance(amount, bool):
        return False
    return amount > _USUAL or 0 < amount < least


def _is_extreme(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_is_extreme, value.values()))
    if isinstance(value, list):
        return any(map(_is_extreme, value))
    if isinstance(value, Decimal):
        exponent = value.normalize().as_tuple().exponent
        return not value.is_finite() or abs(value) > _LARGEST or int(exponent) < -_MOST_PLACES
    return isinstance(value, int) and abs(value) > _LARGEST
