"""Natural values: texts that people know, and values that the name of a member asks for.

A table, and no library: docs/decisions/0003 says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

Value: TypeAlias = str | int | float


WELL_KNOWN: Final = (
    *("text", "2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00+00:00", "2030-01-01T00:00:00"),
    *("2030-01-01 00:00:00", "2030-01-01", "2030-01", "00:00:00", "00:00", "US", "USD", "en-US", "en", "12.34", "12"),
    *("00000000-0000-4000-8000-000000000000", "somebody@example.com", "https://example.com/", "example.com"),
    *("192.0.2.1", "+12025550123", "1.0.0", "#336699", "Europe/London", "true"),
)
"""Texts to try for a pattern before it is spelled out, the plainest first."""

_TIME: Final = ("2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00Z", "2030-01-01", 1_893_456_000)
_DATE: Final = ("2030-01-01", "2030-01-01T00:00:00.000Z", 1_893_456_000)
_URL: Final = ("https://example.com/",)
_BY_WORDS: Final[tuple[tuple[tuple[str, ...], tuple[Value, ...]], ...]] = (
    (("email",), ("somebody@example.com",)),
    (("first", "name"), ("Ada",)),
    (("given", "name"), ("Ada",)),
    (("last", "name"), ("Lovelace",)),
    (("family", "name"), ("Lovelace",)),
    (("surname",), ("Lovelace",)),
    (("full", "name"), ("Ada Lovelace",)),
    (("display", "name"), ("Ada Lovelace",)),
    (("user", "name"), ("ada",)),
    (("username",), ("ada",)),
    (("country",), ("US", "USA", "United States")),
    (("currency",), ("USD", "usd", "US dollar")),
    (("language",), ("en", "en-US", "eng", "English")),
    (("locale",), ("en-US", "en_US", "en")),
    (("timezone",), ("Europe/London",)),
    (("time", "zone"), ("Europe/London",)),
    (("city",), ("London",)),
    (("street",), ("1 Main Street",)),
    (("postal", "code"), ("10001",)),
    (("zip",), ("10001",)),
    (("phone",), ("+12025550123",)),
    (("latitude",), (51.5074,)),
    (("longitude",), (-0.1278,)),
    (("ip",), ("192.0.2.1",)),
    (("domain",), ("example.com",)),
    (("hostname",), ("example.com",)),
    (("color",), ("#336699", "blue")),
    (("version",), ("1.0.0", "1.0", "1")),
)
_BY_END: Final[tuple[tuple[str, tuple[Value, ...]], ...]] = (
    ("at", _TIME),
    ("time", _TIME),
    ("timestamp", _TIME),
    ("date", _DATE),
    ("on", _DATE),
    ("url", _URL),
    ("uri", _URL),
    ("href", _URL),
    ("link", _URL),
    ("website", _URL),
    ("id", ("id-1", "1")),
    ("uuid", ("00000000-0000-4000-8000-000000000000",)),
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def values_by_name(name: str) -> Iterator[Value]:
    """The values that the name of a member asks for, such as `created_at` or `emailAddress`; often none."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return
    for wanted, values in _BY_WORDS:
        if all(word in words for word in wanted):
            yield from values
    for end, values in _BY_END:
        if words[-1] == end and (len(words) > 1 or end not in ("at", "on")):
            yield from values
