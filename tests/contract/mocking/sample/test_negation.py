"""Values of schemas that negate others."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from mockserver.contract.mocking.sample import sample_random, sample_valid
from mockserver.contract.mocking.sample.negation import refutations

NEWEST: dict[str, Any] = {"openapi": "3.1.0", "components": {"schemas": {"Cat": {"required": ["purrs"]}}}}
OLDER: dict[str, Any] = {**NEWEST, "openapi": "3.0.3"}
LIST = {"type": "array", "items": {"type": "integer"}}
PAIR = {"type": "object", "required": ["k", "v"], "properties": {"k": {"enum": ["x", "y"]}, "v": {"type": "integer"}}}

NEGATED: dict[str, dict[str, Any]] = {
    "a longest list": {**LIST, "not": {"maxItems": 3}},
    "a shortest list": {**LIST, "not": {"minItems": 1}},
    "items": {**LIST, "not": {"items": {"maximum": 9}}},
    "a longest text": {"type": "string", "not": {"maxLength": 10}},
    "a shortest text": {"type": "string", "not": {"minLength": 1}},
    "a maximum": {"type": "integer", "not": {"maximum": 10}},
    "a minimum": {"type": "number", "not": {"minimum": 0}},
    "a range": {"type": "integer", "not": {"minimum": 0, "maximum": 9}},
    "some types": {"not": {"type": ["string", "object"]}},
    "some values": {"type": "string", "not": {"enum": ["text", "text1", "text2"]}},
    "the plain number": {"type": "integer", "not": {"enum": [1]}},
    "the first option": {"enum": ["a", "b"], "not": {"enum": ["a"]}},
    "the example": {"type": "string", "example": "a", "not": {"enum": ["a"]}},
    "a required member": {"type": "object", "properties": {"a": {"type": "string"}}, "not": {"required": ["a"]}},
    "two members together": {**PAIR, "required": ["k"], "not": {"required": ["k", "v"]}},
    "a member of a value": {**PAIR, "not": {"required": ["k"], "properties": {"k": {"enum": ["x"]}}}},
    "two members of values": {**PAIR, "not": {"properties": {"k": {"enum": ["x"]}, "v": {"minimum": 1}}}},
    "few members": {"type": "object", "not": {"maxProperties": 2}},
    "some members": {"type": "object", "not": {"minProperties": 1}, "properties": {"a": {"type": "string"}}},
    "a closed object": {"type": "object", "not": {"additionalProperties": False, "properties": {"other": {}}}},
    "a map": {"type": "object", "not": {"additionalProperties": {"type": "string"}}},
    "either of two": {**PAIR, "required": [], "not": {"anyOf": [{"required": ["k"]}, {"required": ["v"]}]}},
    "all of two": {**PAIR, "not": {"allOf": [{"required": ["k"]}, {"properties": {"v": {"maximum": 5}}}]}},
    "a negation": {"not": {"not": {"type": "integer"}}},
    "a reference": {"type": "object", "properties": {"purrs": {}}, "not": {"$ref": "#/components/schemas/Cat"}},
}
NEGATED_IN_31: dict[str, dict[str, Any]] = {
    "a constant": {"type": "integer", "not": {"const": 1}},
    "an open bound": {"type": "integer", "not": {"exclusiveMinimum": 0}},
    "a contained item": {**LIST, "minItems": 2, "not": {"contains": {"const": 1}}},
    "a condition": {
        **PAIR,
        "not": {"if": {"properties": {"k": {"const": "x"}}}, "then": {"properties": {"v": {"minimum": 5}}}},
    },
    "a forbidden case": {**PAIR, "if": {"properties": {"k": {"const": "x"}}}, "then": False},
    "a case of two members": {
        **PAIR,
        "if": {"properties": {"k": {"const": "x"}, "v": {"maximum": 4}}},
        "then": {"required": ["never"], "properties": {"never": False}},
    },
}


@pytest.mark.parametrize("schema", NEGATED.values(), ids=NEGATED)
@pytest.mark.parametrize("document", [OLDER, NEWEST], ids=["3.0", "3.1"])
def test_negated_schema_leaves_a_value(schema: dict[str, Any], document: dict[str, Any]) -> None:
    assert is_valid(schema, sample_valid(schema, document))


@pytest.mark.parametrize("schema", NEGATED_IN_31.values(), ids=NEGATED_IN_31)
def test_negated_schema_of_31_leaves_a_value(schema: dict[str, Any]) -> None:
    assert is_valid(schema, sample_valid(schema, NEWEST))


@pytest.mark.parametrize("schema", (NEGATED | NEGATED_IN_31).values(), ids=NEGATED | NEGATED_IN_31)
def test_negated_schema_leaves_a_random_value(schema: dict[str, Any]) -> None:
    assert is_valid(schema, sample_random(schema, NEWEST, seed="a"))


@pytest.mark.parametrize("schema", (NEGATED | NEGATED_IN_31).values(), ids=NEGATED | NEGATED_IN_31)
def test_value_of_each_refutation_is_refused(schema: dict[str, Any]) -> None:
    negated = schema.get("not", schema)
    for refutation in refutations(negated, NEWEST):
        assert not is_valid(negated, sample_valid(refutation, NEWEST))


def test_schema_of_every_value_has_no_refutation() -> None:
    assert (refutations({"items": {}}, NEWEST), refutations(False, NEWEST), refutations(True, NEWEST)) == (
        [],
        [],
        [False],
    )


def is_valid(schema: Any, value: Any) -> bool:
    """The verdict of another library."""
    whole = {"allOf": [schema], "components": NEWEST["components"]}
    valid: bool = jsonschema.Draft202012Validator(whole).is_valid(value)
    return valid
