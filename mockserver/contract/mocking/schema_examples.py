"""Examples inside of a schema that the schema around them refuses. They are not sent, and a note says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract.pointer import dereference, pointer_of
from mockserver.contract.schema.validators import compile_validator
from mockserver.contract.strict_json import Json

MAX_SCHEMAS: Final = 200
"""The number of schemas that are looked at; one response reports a few examples at most."""
_PARTS: Final = ("allOf", "anyOf", "oneOf")

Place = tuple[str | int, ...]


def refused_examples(schema: Json, document: Mapping[str, Any]) -> Iterator[str]:
    """The places of the value whose example its own schema refuses, such as `/owner/email`."""
    pending: list[tuple[Json, Place]] = [(schema, ())]
    met: set[int] = set()
    while pending and len(met) < MAX_SCHEMAS:
        each, place = pending.pop(0)
        try:
            resolved = dereference(document, each)
        except LookupError:
            continue
        if not isinstance(resolved, dict) or id(resolved) in met:
            continue
        met.add(id(resolved))
        if any(not _accepts(resolved, document, value) for value in _examples(resolved)):
            yield pointer_of(place) or "the whole"
        pending += _inner(resolved, place)


def _examples(schema: Mapping[str, Any]) -> Iterator[Json]:
    if "example" in schema:
        yield schema["example"]
    if isinstance(schema.get("examples"), list):
        yield from schema["examples"][:1]


def _accepts(schema: Json, document: Mapping[str, Any], value: Json) -> bool:
    try:
        return bool(compile_validator(schema, document, "response").is_valid(value))
    except (ValueError, RecursionError):
        return False


def _inner(schema: Mapping[str, Any], place: Place) -> Iterator[tuple[Json, Place]]:
    properties = schema.get("properties")
    for name, each in properties.items() if isinstance(properties, dict) else ():
        yield each, (*place, name)
    if "items" in schema:
        yield schema["items"], (*place, 0)
    for word in _PARTS:
        for each in schema[word] if isinstance(schema.get(word), list) else ():
            yield each, place
