"""The negation of a schema, as schemas of which any one refutes it.

Rule 1: a schema is refuted by a value that fails one of its keywords. So each keyword gives alternatives.
Rule 2: a keyword whose negation no keyword says, such as `pattern`, gives the empty schema: the search tries values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from mockserver.contract.mocking.sample.schema_node import TYPES
from mockserver.contract.pointer import resolve_ref
from mockserver.contract.strict_json import Json

MOST: Final = 20
"""The alternatives of one schema."""
_EXTRA: Final = ("other", "additional", "extra")
"""Names of a member that a closed object does not have."""

Alternatives = Iterator[dict[str, Any]]


def excluded_values(schema: Json) -> list[Json] | None:
    """The values that `not` with this schema excludes, if that is all it says; else None."""
    if not isinstance(schema, dict) or not schema or set(schema) - {"const", "enum", "type"}:
        return None
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if isinstance(schema.get("enum"), list) else None


def refutations(schema: Json, document: Mapping[str, Any]) -> list[Json]:
    """Schemas of which each one refutes a schema; none if no keyword says how."""
    if not isinstance(schema, dict):
        return [False] if schema is True else []
    return list(islice(_alternatives(schema, document), MOST))


def _alternatives(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Alternatives:
    if isinstance(ref := schema.get("$ref"), str):
        try:
            yield {"not": resolve_ref(document, ref)}
        except LookupError:
            return
    for word, expected in schema.items():
        if (rule := _RULES.get(word)) is not None:
            yield from rule(expected, schema)


def _of_type(expected: Any, schema: Mapping[str, Any]) -> Alternatives:
    named = {*(expected if isinstance(expected, list) else [expected])}
    if schema.get("nullable") is True:
        named.add("null")
    if "number" in named:
        named.add("integer")
    if others := [each for each in TYPES if each not in named]:
        yield {"type": others}


def _of_values(expected: Any, schema: Mapping[str, Any]) -> Alternatives:
    del expected
    yield {"not": {word: schema[word] for word in ("const", "enum") if word in schema}}


def _size(kind: str, bound: str, step: int) -> Callable[[Any, Mapping[str, Any]], Alternatives]:
    """The rule of a bound of a size: one step beyond it the other bound begins."""

    def alternatives(expected: Any, _: Mapping[str, Any]) -> Alternatives:
        if isinstance(expected, int) and expected + step >= 0:
            yield {"type": kind, bound: expected + step}

    return alternatives


def _limit(bound: str, *, is_open: bool) -> Callable[[Any, Mapping[str, Any]], Alternatives]:
    """The rule of a bound of numbers. That of OpenAPI 3.0 may be open by another keyword."""
    word = {"maximum": "exclusiveMinimum", "minimum": "exclusiveMaximum"}[bound]

    def alternatives(expected: Any, schema: Mapping[str, Any]) -> Alternatives:
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            is_closed = is_open or schema.get(word) is True
            yield {"type": "number", bound if is_closed else f"exclusive{bound.capitalize()}": expected}

    return alternatives


def _of_required(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    for name in expected if isinstance(expected, list) else ():
        yield {"type": "object", "properties": {name: False}}


def _of_properties(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    for name, member in expected.items() if isinstance(expected, dict) else ():
        if member not in ({}, True):
            yield {"type": "object", "required": [name], "properties": {name: {"not": member}}}


def _of_additional(expected: Any, schema: Mapping[str, Any]) -> Alternatives:
    known = schema.get("properties")
    name = next((each for each in _EXTRA if not isinstance(known, dict) or each not in known), None)
    if name is not None and expected not in ({}, True):
        yield {"type": "object", "required": [name], "properties": {name: {"not": expected} if expected else {}}}


def _of_items(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    if expected not in ({}, True):
        yield {"type": "array", "minItems": 1, "items": {"not": expected}}


def _of_contains(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    yield {"type": "array", "items": {"not": expected}}


def _of_all(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    for part in expected if isinstance(expected, list) else ():
        yield {"not": part}


def _of_any(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    if isinstance(expected, list):
        yield {"allOf": [{"not": part} for part in expected]}


def _of_not(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    yield {"allOf": [expected]}


def _of_if(expected: Any, schema: Mapping[str, Any]) -> Alternatives:
    for condition, word in ((expected, "then"), ({"not": expected}, "else")):
        if word in schema:
            yield {"allOf": [condition, {"not": schema[word]}]}


def _unsaid(expected: Any, _: Mapping[str, Any]) -> Alternatives:
    """A keyword whose negation no other says: any value may do."""
    del expected
    yield {}


_RULES: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], Alternatives]]] = {
    "type": _of_type,
    "const": _of_values,
    "enum": _of_values,
    "required": _of_required,
    "properties": _of_properties,
    "additionalProperties": _of_additional,
    "minProperties": _size("object", "maxProperties", -1),
    "maxProperties": _size("object", "minProperties", 1),
    "items": _of_items,
    "contains": _of_contains,
    "minItems": _size("array", "maxItems", -1),
    "maxItems": _size("array", "minItems", 1),
    "minLength": _size("string", "maxLength", -1),
    "maxLength": _size("string", "minLength", 1),
    "minimum": _limit("maximum", is_open=False),
    "maximum": _limit("minimum", is_open=False),
    "exclusiveMinimum": _limit("maximum", is_open=True),
    "exclusiveMaximum": _limit("minimum", is_open=True),
    "allOf": _of_all,
    "anyOf": _of_any,
    "oneOf": _of_any,
    "not": _of_not,
    "if": _of_if,
    **dict.fromkeys(("pattern", "format", "multipleOf", "uniqueItems", "propertyNames", "patternProperties"), _unsaid),
    **dict.fromkeys(("dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems"), _unsaid),
}
