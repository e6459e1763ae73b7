"""Exact money and credits.

Dollars are counted in whole cents, credits in whole microcredits (a millionth); floats never hold either.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from mockserver.domain.errors import Fault, InvalidRequest

MICRO: Final = 1_000_000
MOST_CREDITS: Final = 1_000_000_000_000
"""As many credits as one call of the control API can give or take."""


def as_decimal(number: float) -> Decimal:
    """The number a JSON text meant, exactly: 10.1 is ten and a tenth."""
    return Decimal(number if isinstance(number, int) else repr(number))


def as_json_number(number: Decimal) -> int | float:
    """The number as JSON shows it: whole ones without a fraction."""
    if number == number.to_integral_value() and (number.adjusted() < 16 or number.as_tuple().exponent == 0):
        return int(number)
    return float(number)


def credits_shown(microcredits: int) -> int | float:
    """Microcredits as a number of credits."""
    whole, rest = divmod(microcredits, MICRO)
    return float(Decimal(microcredits) / MICRO) if rest else whole


def dollars_shown(cents: int) -> str:
    """Cents as people read them: `$1,250.00`."""
    return "${:,}.{:02}".format(*divmod(cents, 100))


def microcredits_of(given: object, *, name: str = "credits") -> int:
    """The microcredits in a JSON number of credits: above 0, at most six decimals; raises InvalidRequest."""
    message = f"{name} is {given!r:.60}; a number above 0 and up to {MOST_CREDITS}, of at most six decimals, is needed"
    refusal = InvalidRequest(message, faults=[Fault(f"/{name}", message, "credits")])
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise refusal
    if not 0 < given <= MOST_CREDITS:  # NaN is neither
        raise refusal
    micro = as_decimal(given) * MICRO
    if micro != micro.to_integral_value():
        raise refusal
    return int(micro)
