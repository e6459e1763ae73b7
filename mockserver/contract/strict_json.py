"""A strict parser of untrusted JSON.

Rule 1: ambiguous texts are refused: duplicate keys, NaN, numbers beyond binary64, lone surrogates, bytes that are not
        UTF-8.
Rule 2: no input causes deep recursion, and the time is linear in its length.
Rule 3: a small body takes microseconds, so each expensive check runs behind a cheap one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from json.scanner import make_scanner
from typing import Any, Final, NoReturn, TypeAlias

from mockserver.contract.errors import MalformedJson

Json: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None

MAX_DEPTH: Final = 64
LONGEST_SAFE_INTEGER: Final = 308
"""The number of digits up to which every integer lies within binary64."""

_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[\[\]{}]', re.DOTALL)
_SURROGATE_ESCAPE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_json(raw: bytes) -> Json:
    """The value of a JSON text; raises MalformedJson if rule 1 or the grammar is broken."""
    value = _parse_plain(raw)
    return _parse_strictly(raw) if value is None else value


def parse_json_file(content: bytes) -> Json:
    """The value of a file in one of the encodings of JSON, with or without a byte order mark.

    Raises MalformedJson as `parse_json` does; its message begins with "the body".
    """
    encoding = json.detect_encoding(content)
    try:
        return parse_json(content.decode(encoding).encode())
    except UnicodeError:
        raise MalformedJson(f"the body is not {encoding.upper()}, which it seems to be") from None


def _parse_plain(raw: bytes) -> Json:
    """The object of a short text in which nothing can be hidden; None for any other text, right or wrong.

    Without a backslash, every text has two quotes. If there are no more than the members and their texts need, no
    member is there twice and none is nested.
    """
    if len(raw) > LONGEST_SAFE_INTEGER or raw[:1] != b"{" or b"\\" in raw:
        return None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        return None
    try:
        text = raw.decode()
        value, end = _scan(text, 0)
    except (ValueError, StopIteration, MalformedJson):
        return None
    texts = len(value) + [*map(type, value.values())].count(str)
    return value if end == len(text) and raw.count(b'"') == 2 * texts else None


def _parse_strictly(raw: bytes) -> Json:
    if not raw:
        raise MalformedJson("the body is empty; a JSON text is needed")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedJson(f"the body is not UTF-8: byte {error.start} can't be decoded") from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _refuse_deep(text)
    decode = _short_decode if len(raw) <= LONGEST_SAFE_INTEGER else _long_decode
    try:
        value: Json = decode(text)
    except json.JSONDecodeError as error:
        if text.startswith("\ufeff"):
            raise MalformedJson("the body begins with a byte order mark; JSON has none") from None
        reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        raise MalformedJson(f"the body is not JSON: {reason} at line {error.lineno}, column {error.colno}") from None
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
                raise MalformedJson(f"the body is nested deeper than {MAX_DEPTH} levels")
        elif first in "]}":
            depth -= 1


def _refuse_lone_surrogates(value: Json) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise MalformedJson("the body escapes half of a surrogate pair; both halves are needed") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise MalformedJson(f"the body has the key {json.dumps(name)[:80]} twice in one object")
            seen.add(name)
    return members


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise MalformedJson(f"the body has a number too large for binary64: {digits[:20]}")
    return number


def _bounded(digits: str) -> int:
    if len(digits) > LONGEST_SAFE_INTEGER:
        _finite(digits)
    return int(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedJson(f"the body has {name}, which is not a JSON number")


_scan: Final[Callable[[str, int], tuple[dict[str, Any], int]]] = make_scanner(
    json.JSONDecoder(parse_float=_finite, parse_constant=_refuse_constant)  # type: ignore[arg-type] # it takes a decoder
)
_short_decode: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse_constant
).decode
_long_decode: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse_constant, parse_int=_bounded
).decode
