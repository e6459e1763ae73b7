"""A server that counts the dollars of what it is sent, and reads it as leniently as servers do somewhere."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.contracts.servers.independent import Other, Receive, Send

PLAN_PRICE = 500.0
# The scanner's time grows with the square of a long word.
_SCANNED = 2_000


class Lenient:
    """An application that notes the largest order that somebody could have read in a request."""

    def __init__(self, application: Other) -> None:
        self._application = application
        self.largest = 0.0
        self.worst: tuple[bytes, bytes] | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        body = b""

        async def read() -> MutableMapping[str, Any]:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        await self._application(scope, read, send)
        if scope["method"] in ("POST", "PUT", "PATCH"):
            dollars = largest_order(body, scope["query_string"])
            if dollars > self.largest:
                self.largest, self.worst = dollars, (body, scope["query_string"])


def largest_order(body: bytes, query: bytes = b"") -> float:
    """The dollars of the most expensive order that one of the readers finds."""
    found = [0.0]
    for order in (*_orders(body), *_flat(parse_qs(query.decode("latin-1")))):
        by_name = {re.sub(r"[\s_\x00]", "", str(name)).lower(): value for name, value in order.items()}
        if str(by_name.get("mode", "payment")).strip().lower() not in ("payment", "none", "null", ""):
            found.append(PLAN_PRICE)
        if str(by_name.get("planid")).strip().lower() not in ("none", "null", ""):
            found.append(PLAN_PRICE)
        found.append(_dollars(by_name.get("amount")))
    return max(found)


def _orders(body: bytes) -> Iterator[dict[str, Any]]:
    for window in (16 + zlib.MAX_WBITS, zlib.MAX_WBITS):
        with suppress(zlib.error):
            if unpacked := zlib.decompressobj(window).decompress(body):
                yield from _orders(unpacked)
    for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be"):
        text = body.decode(encoding, "ignore").replace("\0", "").lstrip("\ufeff")
        yield from _flat(parse_qs(text))
        for ending in ("", "}", '"}', ": null}", "]", "}]", '"}]'):
            for start in ("", "{", '{"'):
                for first in (False, True):
                    yield from _read_json(start + text.rstrip(", \n") + ending, first=first)
        # a scanner that takes what looks like a member
        scanned = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), text[:_SCANNED])
        for name, value in re.findall(r"""["']?(\w+)["']?\s*[:=]\s*["']?([^"',}\]&]*)""", scanned):
            yield {name: value}


def _read_json(text: str, *, first: bool) -> Iterator[dict[str, Any]]:
    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(reversed(members) if first else members)

    try:
        value = json.loads(text, object_pairs_hook=pairs, strict=False)
    except (ValueError, RecursionError):
        return
    while isinstance(value, list) and value:
        yield from (item for item in value if isinstance(item, dict))
        value = value[0]
    if isinstance(value, dict):
        yield value
        yield from (held for held in value.values() if isinstance(held, dict))
    elif isinstance(value, int | float | str):
        yield {"amount": value}


def _flat(query: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    for name, values in query.items():
        yield from ({name: value} for value in values)


def _dollars(value: Any) -> float:
    if isinstance(value, list):
        return max(map(_dollars, value), default=0.0)
    if isinstance(value, dict):
        return max(map(_dollars, value.values()), default=0.0)
    if isinstance(value, bool) or value is None:
        return 0.0
    if isinstance(value, int | float):
        return min(float(min(abs(value), 10**300)), 1e300)
    text = unquote(unicodedata.normalize("NFKC", str(value)))
    text = "".join(str(digit) if (digit := unicodedata.digit(sign, None)) is not None else sign for sign in text)
    plain = re.sub(r"[][{}\s_,$'\u2019\u20ac]", "", text).lower()
    readings = [0.0]
    for read in (float, lambda each: float(int(each, 0))):
        try:
            readings.append(min(abs(read(plain)), 1e300))
        except (ValueError, OverflowError):
            continue
    if len(readings) == 1:
        readings += [float(digits[:300]) for digits in re.findall(r"\d+", plain)]
    return max(number for number in readings if number == number)
