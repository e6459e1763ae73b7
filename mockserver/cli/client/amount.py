"""A number of credits on the command line."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from mockserver.cli.parser import UsageError


def number_of_credits(text: str) -> int | float:
    """The number that a text says; raises UsageError."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(f"N is {text!r}; a number of credits is needed, such as 100 or 2.5")
    return int(number) if number == int(number) else float(number)
