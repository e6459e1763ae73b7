"""Read an order as leniently as any server does, and tell if it could cost more than a dollar.

On rails only a request goes out that no parser can read as an order of more than a dollar. A server may unwrap lists,
take the first or the last of two members of one name, read numbers from text in any script, complete a body that is
cut short, unpack one whatever its headers say, take members from the query, or sell a plan whatever its mode.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

from mockserver_contracts.target.rails.packed_body import readings

# Between two digits of one number there may be anything that some reader skips, and an exponent.
_JOINS_DIGITS: Final = re.compile(r"(?<=\d)(?:[\W_]|[eExX])+(?=\d)")
_ESCAPE: Final = re.compile(r"\\+(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")
_SELLS_A_PLAN: Final = re.compile(r"subscri|plan|mode(?![\"'\s:=]*payment\b)", re.IGNORECASE)
_WORDS_FOR_MONEY: Final = ("amount", "total", "price", "cost", "sum", "credit", "dollar", "cent", "quantity", "value")
_WORDS_FOR_MUCH: Final = ("inf", "nan")


def may_cost_more_than_a_dollar(body: bytes, query: str = "") -> bool:
    """A server could read the body and the query as an order of more than a dollar, or of a plan."""
    if any(_is_expensive(name, value) for name, value in parse_qsl(query, keep_blank_values=True)):
        return True
    return any(_is_expensive_order(reading) for reading in readings(body))


def _is_expensive_order(body: bytes) -> bool:
    if not body:
        return False
    try:
        members = list(_members(json.loads(body, object_pairs_hook=_Pairs, parse_float=Decimal, parse_constant=str)))
    except (ValueError, RecursionError):
        return _has_expensive_text(body)
    return any(_is_expensive(name, value) for name, value in members)


class _Pairs(list[tuple[str, Any]]):
    """The members of an object in their order, those of the same name too."""


def _members(value: Any, name: str = "amount") -> Iterator[tuple[str, Any]]:
    """Each value with the name of the member that holds it; a value without one could be the amount."""
    yield name, value
    if isinstance(value, _Pairs):
        for inner, held in value:
            yield from _members(held, inner)
    elif isinstance(value, list):
        for item in value:
            yield from _members(item, name)


def _is_expensive(name: str, value: Any) -> bool:
    letters = "".join(filter(str.isalpha, unicodedata.normalize("NFKC", name).casefold()))
    if "mode" in letters:
        return value not in (None, "", "payment")
    if "plan" in letters:
        return value not in (None, "")
    return any(word in letters for word in _WORDS_FOR_MONEY) and _reads_over_a_dollar(value)


def _reads_over_a_dollar(value: Any) -> bool:
    if isinstance(value, bool | list) or value is None:
        return False
    if isinstance(value, int | Decimal):
        return not -1 <= value <= 1
    text = str(value)
    return any(word in text.casefold() for word in _WORDS_FOR_MUCH) or _has_large_number(text)


def _has_expensive_text(body: bytes) -> bool:
    """A reader who repairs, guesses or skips could find a large number or a plan in the text."""
    for text in (body.replace(b"\0", b"").decode("utf-8", "ignore"), body.decode("utf-16-be", "ignore")):
        unescaped = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), unquote_plus(text))
        if any(_SELLS_A_PLAN.search(each) or _has_large_number(each) for each in (text, unescaped)):
            return True
    return False


def _has_large_number(text: str) -> bool:
    digits = "".join(map(_as_digit, text))
    if any(int(run[:9]) > 1 for run in re.findall(r"0*(\d+)", _JOINS_DIGITS.sub("", digits), re.ASCII)):
        return True
    # Hexadecimal digits, and signs for numbers that are no digits.
    return bool(re.search(r"0[xX][\W_]*[0-9a-fA-F]", digits)) or any(
        unicodedata.numeric(sign, 0.0) > 1 for sign in text
    )


def _as_digit(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)


def _is_large_sign(sign: str) -> bool:
    value: float = unicodedata.numeric(sign, 0.0)
    return value > 1
