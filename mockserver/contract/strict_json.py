"""Reading JSON from a stranger.

Rule 1: what two parsers could read differently is refused: duplicate keys, NaN, numbers no binary64 holds,
        lone surrogates, bytes that are not UTF-8.
Rule 2: no input makes this recurse or work longer than its length justifies.
Rule 3: a small body costs microseconds, so each guard first asks whether it is needed at all.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn, TypeAlias

from mockserver.contract.errors import InvalidJson

Json: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None

MAX_DEPTH: Final = 64
LONGEST_SAFE_INTEGER: Final = 308
"""Digits that every integer may have and still lie within binary64."""

_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[\[\]{}]', re.DOTALL)
_SURROGATE_ESCAPE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_json(raw: bytes) -> Json:
    """The value `raw` stands for; raises InvalidJson where rule 1 or the grammar forbids it."""
    if not raw:
        raise InvalidJson("the body is empty; a JSON text is needed")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidJson(f"the body is not UTF-8: byte {error.start} can't be decoded") from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _refuse_deep(text)
    decode = _short_decode if len(raw) <= LONGEST_SAFE_INTEGER else _long_decode
    try:
        value: Json = decode(text)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise InvalidJson(f"the body is not JSON: {reason} at line {error.lineno}, column {error.colno}") from None
    if _SURROGATE_ESCAPE.search(raw):
        _refuse_lone_surrogates(value)
    return value


def _refuse_deep(text: str) -> None:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        first = match[0][0]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidJson(f"the body is nested deeper than {MAX_DEPTH} levels")
        elif first in "]}":
            depth -= 1


def _refuse_lone_surrogates(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidJson("the body escapes half of a surrogate pair; both halves are needed") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise InvalidJson(f"the body has the key {json.dumps(name)[:80]} twice in one object")
            seen.add(name)
    return members


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise InvalidJson(f"the body has a number too large for binary64: {digits[:20]}")
    return number


def _bounded(digits: str) -> int:
    if len(digits) > LONGEST_SAFE_INTEGER:
        _finite(digits)
    return int(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJson(f"the body has {name}, which is no JSON number")


_short_decode: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse_constant
).decode
_long_decode: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse_constant, parse_int=_bounded
).decode
