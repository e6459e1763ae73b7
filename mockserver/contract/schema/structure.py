"""Types, items and properties that a schema declares, itself or in the parts it is composed of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract.pointer import dereference
from mockserver.contract.strict_json import Json

ALL_TYPES: Final = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
MAX_DEPTH: Final = 12
_COMPOSITIONS: Final = ("allOf", "anyOf", "oneOf")


def types_of(schema: Json, document: Mapping[str, Any], depth: int = 0) -> frozenset[str]:
    """The types that a schema allows."""
    resolved = _resolve(schema, document)
    if resolved is None or depth > MAX_DEPTH:
        return ALL_TYPES
    types = ALL_TYPES
    if (declared := resolved.get("type")) is not None:
        types = frozenset(declared if isinstance(declared, list) else [declared])
        if resolved.get("nullable") is True:
            types |= {"null"}
    elif isinstance(resolved.get("enum"), list):
        types = frozenset(_type_of(value) for value in resolved["enum"][:1000])
    for word in _COMPOSITIONS:
        parts = resolved.get(word)
        if isinstance(parts, list) and parts:
            found = [types_of(part, document, depth + 1) for part in parts]
            among = found[0].intersection(*found) if word == "allOf" else found[0].union(*found)
            types = (types & among) or types
    return types | {"null"} if resolved.get("nullable") is True else types


def items_of(schema: Json, document: Mapping[str, Any]) -> Json:
    """The schema of the items, from the schema itself or a part of it; the empty schema if there is none."""
    return next((each["items"] for each in _parts(schema, document) if "items" in each), {})


def properties_of(schema: Json, document: Mapping[str, Any]) -> dict[str, Json]:
    """The schemas of the members, from the schema itself and its parts."""
    found: dict[str, Json] = {}
    for each in _parts(schema, document):
        properties = each.get("properties")
        found = {**(properties if isinstance(properties, dict) else {}), **found}
    return found


def _resolve(schema: Json, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        resolved = dereference(document, schema)
    except LookupError:
        return None
    return resolved if isinstance(resolved, dict) else None


def _parts(schema: Json, document: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    resolved = _resolve(schema, document)
    if resolved is None or depth > MAX_DEPTH:
        return
    yield resolved
    for word in _COMPOSITIONS:
        for part in resolved.get(word) or () if isinstance(resolved.get(word), list) else ():
            yield from _parts(part, document, depth + 1)


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    names: dict[type, str] = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")
