"""Schemas that several keywords narrow to few values."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from mockserver.contract.mocking.sample import sample_valid
from mockserver.contract.mocking.sample.schema_node import SchemaContext

DOCUMENT = {"openapi": "3.1.0"}
NULL_OR_NUMBER = {"anyOf": [{"type": "null"}, {"const": 3.75}]}

NARROW: dict[str, dict[str, Any]] = {
    "a contained item in the prefix": {
        "prefixItems": [{"type": "null"}, {"type": "number"}, {"type": "object"}],
        "items": False,
        "minItems": 3,
        "contains": {"type": "number", "maximum": -2},
    },
    "two contained items that are one": {
        "type": "array",
        "prefixItems": [{"type": "string"}],
        "items": False,
        "contains": {"minLength": 2},
        "allOf": [{"contains": {"maxLength": 3}}],
    },
    "contained items of a number": {"items": {"type": "integer"}, "contains": {"multipleOf": 7}, "minContains": 2},
    "a contained item of one branch": {
        **{"type": "array", "items": NULL_OR_NUMBER, "uniqueItems": True, "maxItems": 2},
        "allOf": [{"prefixItems": [{"type": "null"}, {}], "items": False, "contains": {"type": "number"}}],
    },
    "a branch of another type": {
        **{"type": "array", "items": {"anyOf": [{"type": "boolean"}, {"type": "null"}, {"type": "object"}]}},
        "contains": {"type": "object", "maxProperties": 0},
    },
    "options of several types": {"type": "array", "enum": [0, "text", []]},
    "an option of a branch": {"type": "boolean", "anyOf": [{"const": "text"}, {"enum": [1, True]}]},
    "an option behind a condition": {
        "contains": {"if": {"type": "number"}, "then": {"const": {}}, "else": {"enum": [False, 7]}}
    },
    "a branch without the only option": {"const": "b", "oneOf": [{"not": {"const": "b"}}, {"pattern": "^b$"}]},
    "a forbidden condition": {"type": "string", "maxLength": 5, "if": {"format": "date"}, "then": False},
    "an e-mail address of a length": {"type": "string", "format": "email", "minLength": 9, "maxLength": 12},
    "a short host": {"type": "string", "format": "idn-hostname", "minLength": 6, "maxLength": 9},
}


@pytest.mark.parametrize("schema", NARROW.values(), ids=NARROW)
def test_value_of_a_narrow_schema_is_found(schema: dict[str, Any]) -> None:
    value = sample_valid(schema, DOCUMENT)
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(value)


def test_options_of_one_schema_are_not_those_of_another() -> None:
    context = SchemaContext(DOCUMENT)
    for _ in range(20):  # a list that is gone leaves its place to the next one
        assert [list(context.of_types([each], {"string"})) for each in (1, "a")] == [[], ["a"]]
