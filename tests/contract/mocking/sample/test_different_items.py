"""Lists of different items: a long one has a value too, and soon."""

from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from mockserver.contract.mocking.sample import NoSample, sample_valid

DOCUMENT: dict[str, Any] = {"openapi": "3.1.0"}
NUMBERED: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "n": {"type": "string"}},
}
FLAGS: dict[str, Any] = {
    "type": "object",
    "required": ["a", "b", "c"],
    "properties": {name: {"type": "boolean"} for name in "abc"},
}
LISTS: dict[str, tuple[int, dict[str, Any]]] = {
    "integers": (3_000, {"type": "integer"}),
    "all integers of a range": (100, {"type": "integer", "minimum": 0, "maximum": 99}),
    "multiples": (100, {"type": "integer", "multipleOf": 5, "minimum": -100, "maximum": 395}),
    "fractions": (100, {"type": "number", "minimum": 0, "maximum": 1}),
    "texts": (300, {"type": "string"}),
    "short texts": (300, {"type": "string", "maxLength": 3}),
    "uuids": (300, {"type": "string", "format": "uuid"}),
    "emails": (300, {"type": "string", "format": "email"}),
    "texts of a pattern": (300, {"type": "string", "pattern": "^[A-Z]{2}$"}),
    "objects with an id": (300, NUMBERED),
    "all objects of three booleans": (8, FLAGS),
    "values of any type": (3, {}),
    "values of two branches": (
        30,
        {"oneOf": [{"type": "string", "enum": ["a", "b", "c"]}, {"type": "integer", "minimum": 0, "maximum": 40}]},
    ),
    "objects with a place of two values": (
        300,
        {**NUMBERED, "properties": {**FLAGS["properties"], "id": {"type": "integer"}}},
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_list_of_different_items_has_a_value(name: str) -> None:
    count, items = LISTS[name]
    schema = {"type": "array", "minItems": count, "uniqueItems": True, "items": items}
    value: Any = sample_valid(schema, DOCUMENT)
    assert len(value) == len({json.dumps(each, sort_keys=True) for each in value}) == count
    jsonschema.Draft202012Validator(items, format_checker=jsonschema.FormatChecker()).validate(value[-1])


@pytest.mark.parametrize(
    ("count", "items"), [(101, {"type": "integer", "minimum": 0, "maximum": 99}), (2, {"type": "null"}), (9, FLAGS)]
)
def test_list_of_more_items_than_there_are_has_no_value(count: int, items: dict[str, Any]) -> None:
    with pytest.raises(NoSample):
        sample_valid({"type": "array", "minItems": count, "uniqueItems": True, "items": items}, DOCUMENT)
