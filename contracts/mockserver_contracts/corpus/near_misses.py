"""Near misses: requests which are nearly right, or only look wrong, as people and programs send them.

Schemathesis makes none of these. They are read off the document: of each operation with a JSON body, each member in
another type, another case and another length, and the body broken, announced as something else, or too much.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any, Final

from mockserver.contract.mocking.sample import sample
from mockserver.contract.pointer import dereference
from mockserver_contracts.corpus.checkout_misses import ORDERS, Order
from mockserver_contracts.corpus.entry import KEY, Entry, Expected, NearMiss
from mockserver_contracts.document.body_violations import BodyViolations
from mockserver_contracts.document.operations import CHECKOUT

_JSON: Final = "application/json"
_MOST_MEMBERS: Final = 12
_METHODS: Final = frozenset({"get", "put", "post", "delete", "patch"})
_OTHER_LETTERS: Final = "Zürich-日本-🎬"


def near_misses(document: Mapping[str, Any], *, key_header: str, most: int) -> Iterator[Entry]:
    """The near misses of each operation, `most` of those that are derived; the checkout has some of its own."""
    faults = BodyViolations(document)
    seen: set[str] = set()
    for path, method in _operations(document):
        derived = list(islice(_derived(document, path, method), most))
        orders = [*(ORDERS if (path, method) == (CHECKOUT, "post") else ()), *derived]
        for order in orders:
            entry = _entry(order, path, method, _expected(order, faults, path, method), key_header=key_header)
            if entry.id not in seen:
                seen.add(entry.id)
                yield entry


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, item in document.get("paths", {}).items():
        for method in item if "{" not in path else ():
            if method in _METHODS:
                yield path, method


def _derived(document: Mapping[str, Any], path: str, method: str) -> Iterator[Order]:
    operation = document["paths"][path][method]
    try:
        content = dereference(document, operation.get("requestBody", {})).get("content", {})
        schema = dereference(document, content.get(_JSON, {}).get("schema", {}))
    except (LookupError, AttributeError):
        return
    base = sample(schema, document, direction="request") if schema else None
    if not isinstance(base, dict) or not base:
        return
    whole = json.dumps(base).encode()
    yield Order("a member more", json.dumps({**base, "note": _OTHER_LETTERS}, ensure_ascii=False).encode())
    for cause, body in (("an empty list", b"[]"), ("a list around it", b"[" + whole + b"]"), ("null", b"null")):
        yield Order(cause, body)
    yield Order("text around it", json.dumps(whole.decode()).encode())
    yield Order("cut short", whole[:-1], is_refused=True)
    yield Order("a byte order mark", b"\xef\xbb\xbf" + whole, by_limit=True)
    yield Order("UTF-16", whole.decode().encode("utf-16"), by_limit=True)
    yield Order("as text/json", whole, "text/json", status=415, by_limit="text/json" not in content)
    for media_type in ("application/xml", "application/octet-stream"):
        yield Order(f"as {media_type}", whole, media_type, status=415, is_refused=media_type not in content)
    members = [_of_member(base, name, schema, document) for name in list(base)[:_MOST_MEMBERS]]
    # Of each member the nearest miss first, then of each the next.
    for orders in zip_longest(*members):
        yield from filter(None, orders)


def _of_member(base: dict[str, Any], name: str, schema: Any, document: Mapping[str, Any]) -> Iterator[Order]:
    told = dereference(document, schema.get("properties", {}).get(name, {}))
    for cause, other in _others(base[name], told):
        yield Order(f"{name}: {cause}", json.dumps({**base, name: other}, ensure_ascii=False).encode())
    yield Order(f"{name}: left out", json.dumps({key: base[key] for key in base if key != name}).encode())
    yield Order(f"{name}: in another case", json.dumps({_swapped(k, name): v for k, v in base.items()}).encode())


def _others(value: Any, schema: Any) -> Iterator[tuple[str, Any]]:
    """Values that are nearly the member's, each with a word for what is the matter."""
    if isinstance(value, bool):
        yield "as text", str(value).lower()
        yield "as a number", int(value)
    elif isinstance(value, int | float):
        yield "as text", str(value)
        yield "a little less", value - 0.01
        yield "true", True
        yield "the other sign", -value
        yield "very large", 10**15
    elif isinstance(value, str):
        words = schema.get("enum") if isinstance(schema, Mapping) else None
        yield "in capitals", value.upper()
        yield ("a word more", "neither") if words else ("in other letters", _OTHER_LETTERS)
        yield "a number", 1
        yield "empty", ""
        yield "with a space behind", value + " "
        yield "very long", value + "x" * 5_000
    yield "null", None
    yield "a list", [value]
    yield "an object", {"value": value}


def _swapped(name: str, wanted: str) -> str:
    return name.upper() if name == wanted else name


def _expected(order: Order, faults: BodyViolations, path: str, method: str) -> Expected:
    if order.by_limit:
        return Expected.REFUSED_BY_LIMIT
    if order.is_refused or faults.of(path, method, order.body):
        return Expected.REFUSED
    # Whether a form that the schema allows and its server never saw is taken is for a schema that says all.
    return Expected.ACCEPTED if order in ORDERS and not order.is_open else Expected.EITHER


def _entry(order: Order, path: str, method: str, expected: Expected, *, key_header: str) -> Entry:
    key = ((key_header, KEY),) if order.is_keyed else ()
    headers = (("accept", "*/*"), ("user-agent", "videodb-mockserver-check"), *key)
    media_type = () if order.media_type is None else (("content-type", order.media_type),)
    return Entry(
        operation=f"{method.upper()} {path}",
        origin="near-miss",
        method=method.upper(),
        target=path,
        headers=(*headers, *media_type),
        body=order.body,
        expected=expected,
        miss=NearMiss(order.cause, order.status, order.claim),
    )
