"""Exact money and credits.

Dollars are whole cents, credits are whole microcredits (millionths). Neither is ever a float.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from mockserver.domain.errors import FieldError, InvalidRequest

MICRO: Final = 1_000_000
MOST_CREDITS: Final = 1_000_000_000_000
"""The most credits that one call of the control API can add or consume."""


def as_decimal(number: float) -> Decimal:
    """The exact value of a JSON number: 10.1 is ten and a tenth."""
    return Decimal(number if isinstance(number, int) else repr(number))


def as_json_number(number: Decimal | int) -> int | float:
    """The number for JSON; a whole number has no fraction."""
    if isinstance(number, int):
        return number
    if number == number.to_integral_value() and (number.adjusted() < 16 or number.as_tuple().exponent == 0):
        return int(number)
    return float(number)


def as_credits(microcredits: int) -> int | float:
    """Convert microcredits to credits."""
    whole, rest = divmod(microcredits, MICRO)
    return float(Decimal(microcredits) / MICRO) if rest else whole


def format_dollars(cents: int) -> str:
    """Format cents as dollars, such as `$1,250.00`."""
    return "${:,}.{:02}".format(*divmod(cents, 100))


def as_units(microunits: int) -> int | float:
    """Convert millionths of a unit to units."""
    return as_credits(microunits)


def parse_microcredits(given: object, *, name: str = "credits") -> int:
    """Parse a JSON number of credits: above 0, at most six decimals. Raises InvalidRequest."""
    return _parse_millionths(given, name=name, code="credits")


def parse_microunits(given: object) -> int:
    """Parse a JSON number of units of a resource, as credits are parsed. Raises InvalidRequest."""
    return _parse_millionths(given, name="units", code="units")


def _parse_millionths(given: object, *, name: str, code: str) -> int:
    message = f"{name} is {given!r:.60}; a number above 0 and up to {MOST_CREDITS}, of at most six decimals, is needed"
    refusal = InvalidRequest(message, field_errors=[FieldError(f"/{name}", message, code)])
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise refusal
    if not 0 < given <= MOST_CREDITS:  # NaN is neither
        raise refusal
    micro = as_decimal(given) * MICRO
    if micro != micro.to_integral_value():
        raise refusal
    return int(micro)
