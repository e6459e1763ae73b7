"""Types, items and properties that a schema declares, itself or in the parts it is composed of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract.pointer import dereference
from mockserver.contract.strict_json import Json

ALL_TYPES: Final = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
MAX_DEPTH: Final = 12
_OF_OBJECTS: Final = frozenset(
    {"properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"}
)
_OF_ARRAYS: Final = frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems"})
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


def read_types_of(schema: Json, document: Mapping[str, Any]) -> frozenset[str]:
    """The types as which a text is read: without `type`, keywords of objects or arrays say what the value is."""
    types = types_of(schema, document)
    if types != ALL_TYPES:
        return types
    words = {word for part in parts_of(schema, document) for word in part}
    if words & _OF_OBJECTS and not words & _OF_ARRAYS:
        return frozenset({"object"})
    return frozenset({"array"}) if words & _OF_ARRAYS and not words & _OF_OBJECTS else types


def items_of(schema: Json, document: Mapping[str, Any]) -> Json:
    """The schema of the items, from the schema itself or a part of it; the empty schema if there is none."""
    return next((each["items"] for each in parts_of(schema, document) if "items" in each), {})


def properties_of(schema: Json, document: Mapping[str, Any]) -> dict[str, Json]:
    """The schemas of the members, from the schema itself and its parts."""
    found: dict[str, Json] = {}
    for each in parts_of(schema, document):
        properties = each.get("properties")
        found = {**(properties if isinstance(properties, dict) else {}), **found}
    return found


def _resolve(schema: Json, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        resolved = dereference(document, schema)
    except LookupError:
        return None
    return resolved if isinstance(resolved, dict) else None


def parts_of(schema: Json, document: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The schema and the parts it is composed of, references resolved."""
    resolved = _resolve(schema, document)
    if resolved is None or depth > MAX_DEPTH:
        return
    yield resolved
    for word in _COMPOSITIONS:
        for part in resolved.get(word) or () if isinstance(resolved.get(word), list) else ():
            yield from parts_of(part, document, depth + 1)


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    names: dict[type, str] = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")
