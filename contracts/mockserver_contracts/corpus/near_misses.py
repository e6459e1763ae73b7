"""Near misses: requests that are nearly valid, or that only look wrong, as people and programs send them.

Schemathesis generates none of these. They are derived from each JSON body in the document: a member with another
type, case or length, a broken body, another media type, or a body that is too large.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any, Final

from mockserver.contract.mocking.sample import sample
from mockserver.contract.pointer import dereference
from mockserver_contracts.corpus.checkout_misses import CHECKOUT_BODIES
from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Expected, NearMiss
from mockserver_contracts.corpus.form_misses import form_misses
from mockserver_contracts.corpus.miss_body import MissBody
from mockserver_contracts.corpus.parameter_misses import parameter_misses
from mockserver_contracts.document.body_violations import SYNTAX, BodyViolations
from mockserver_contracts.document.operations import CHECKOUT

_JSON: Final = "application/json"
_MOST_MEMBERS: Final = 12
_METHODS: Final = frozenset({"get", "put", "post", "delete", "patch"})
_OTHER_LETTERS: Final = "Zürich-日本-🎬"


def near_misses(document: Mapping[str, Any], *, key_header: str, most: int) -> Iterator[CorpusEntry]:
    """The near misses of each operation, `most` derived ones; the checkout has further ones of its own."""
    violations = BodyViolations(document)
    seen: set[str] = set()
    for path, method in _operations(document):
        derived = list(islice(_derived(document, path, method), most))
        own = CHECKOUT_BODIES if (path, method) == (CHECKOUT, "post") else ()
        misses = [*own, *derived, *islice(form_misses(document, path, method), most)]
        for miss in misses:
            entry = _entry(miss, path, method, _expected(miss, violations, path, method), key_header=key_header)
            if entry.id not in seen:
                seen.add(entry.id)
                yield entry
    yield from parameter_misses(document, key_header=key_header, most=most)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, item in document.get("paths", {}).items():
        for method in item if "{" not in path else ():
            if method in _METHODS:
                yield path, method


def _derived(document: Mapping[str, Any], path: str, method: str) -> Iterator[MissBody]:
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
    members = [_of_member(base, name, schema, document) for name in list(base)[:_MOST_MEMBERS]]
    # The nearest miss of every member first, then the second nearest of every member; the body's own between them.
    of_members = [miss for row in zip_longest(*members) for miss in row if miss is not None]
    of_body = _of_body(base, whole, content)
    for number, miss in enumerate(of_members):
        yield miss
        if number % 2 == 1:
            yield from islice(of_body, 1)
    yield from of_body


def _of_body(base: dict[str, Any], whole: bytes, content: Mapping[str, Any]) -> Iterator[MissBody]:
    """The misses of the body as a whole."""
    yield MissBody("a member more", json.dumps({**base, "note": _OTHER_LETTERS}, ensure_ascii=False).encode())
    yield MissBody("a list around it", b"[" + whole + b"]")
    yield MissBody("null", b"null")
    yield _as_media_type(whole, "application/xml", content)
    yield MissBody("cut short", whole[:-1], is_refused=True)
    yield MissBody("a byte order mark", b"\xef\xbb\xbf" + whole, by_limit=True)
    yield MissBody("UTF-16", whole.decode().encode("utf-16"), by_limit=True)
    yield MissBody("as text/json", whole, "text/json", status=415, by_limit="text/json" not in content)
    yield _as_media_type(whole, "application/octet-stream", content)
    yield MissBody("text around it", json.dumps(whole.decode()).encode())
    yield MissBody("an empty list", b"[]")


def _as_media_type(whole: bytes, media_type: str, content: Mapping[str, Any]) -> MissBody:
    return MissBody(f"as {media_type}", whole, media_type, status=415, is_refused=media_type not in content)


def _of_member(base: dict[str, Any], name: str, schema: Any, document: Mapping[str, Any]) -> Iterator[MissBody]:
    member = dereference(document, schema.get("properties", {}).get(name, {}))
    for cause, other in _others(base[name], member):
        yield MissBody(f"{name}: {cause}", json.dumps({**base, name: other}, ensure_ascii=False).encode())
    yield MissBody(f"{name}: left out", json.dumps({key: base[key] for key in base if key != name}).encode())
    yield MissBody(f"{name}: in another case", json.dumps({_upper_if(k, name): v for k, v in base.items()}).encode())


def _others(value: Any, schema: Any) -> Iterator[tuple[str, Any]]:
    """Values that resemble the member's, each with its cause."""
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


def _upper_if(name: str, wanted: str) -> str:
    return name.upper() if name == wanted else name


def _expected(miss: MissBody, violations: BodyViolations, path: str, method: str) -> Expected:
    if miss.is_open:
        return Expected.EITHER
    found = violations.of(path, method, miss.body)
    if miss.is_refused or (found and not (miss.by_limit and found == SYNTAX)):
        return Expected.REFUSED
    if miss.by_limit:
        return Expected.REFUSED_BY_LIMIT
    # A derived body may break a rule that the schema does not express.
    return Expected.ACCEPTED if miss in CHECKOUT_BODIES else Expected.EITHER


def _entry(miss: MissBody, path: str, method: str, expected: Expected, *, key_header: str) -> CorpusEntry:
    key = ((key_header, KEY),) if miss.is_keyed else ()
    headers = (("accept", "*/*"), ("user-agent", "videodb-mockserver-check"), *key)
    media_type = () if miss.media_type is None else (("content-type", miss.media_type),)
    return CorpusEntry(
        operation=f"{method.upper()} {path}",
        origin="near-miss",
        method=method.upper(),
        target=path,
        headers=(*headers, *media_type),
        body=miss.body,
        expected=expected,
        miss=NearMiss(miss.cause, miss.status, miss.claim),
    )
