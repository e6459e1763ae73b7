"""Parse the numbers of client commands."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal, InvalidOperation
from math import isfinite

from mockserver.cli.errors import UsageError


def parse_credits(text: str) -> int | float:
    """Parse a number of credits. Raises UsageError."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(f"N is {text!r}; a number of credits is needed, such as 100 or 2.5")
    return int(number) if number == int(number) else float(number)


def parse_number(text: str | None, flag: str) -> int | float | None:
    """Parse the number of a flag; None stays None. Raises UsageError."""
    if text is None:
        return None
    with suppress(ValueError):
        return int(text)
    with suppress(ValueError):
        if isfinite(number := float(text)):
            return number
    raise UsageError(f"{flag} is {text!r}; a number is needed")
