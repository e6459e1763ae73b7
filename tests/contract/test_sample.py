"""A sample is what the document offers, and else the plainest value that its schema accepts."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from mockserver.contract.sample import sample

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Name": {"type": "string", "minLength": 3},
            "Tree": {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}},
            "Loop": {"$ref": "#/components/schemas/Loop"},
        }
    }
}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "a", "default": "b", "enum": ["c"]}, "a"),
        ({"type": "string", "default": "b", "enum": ["c"]}, "b"),
        ({"type": "string", "enum": ["c", "d"]}, "c"),
        ({"const": 7}, 7),
        ({"type": "integer", "examples": [3, 4]}, 3),
        ({"type": "integer"}, 1),
        ({"type": "boolean"}, True),
        ({"type": ["null", "integer"]}, 1),
        ({"type": "null"}, None),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"$ref": "#/components/schemas/Loop"}, None),
        ({"$ref": "#/components/schemas/Nothing"}, None),
        ({"$ref": "other.yaml#/a"}, None),
        (True, None),
    ],
)
def test_what_the_document_offers_comes_first(schema: Any, value: Any) -> None:
    assert sample(schema, DOCUMENT) == value


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 9},
        {"type": "string", "maxLength": 2},
        {"type": "integer", "minimum": 5, "maximum": 5},
        {"type": "integer", "minimum": 3, "multipleOf": 5},
        {"type": "number", "maximum": -2.5},
        {"type": "integer", "exclusiveMinimum": 9},
        {"type": "integer", "minimum": 4, "exclusiveMinimum": 9, "exclusiveMaximum": 11},
        {"type": "integer", "exclusiveMaximum": 1},
        {"type": "integer", "maximum": -2, "multipleOf": 5},
        {"type": "number", "minimum": 0, "maximum": 0.5},
        {"type": "array", "minItems": 3, "items": {"type": "string"}},
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}},
        {"oneOf": [{"type": "integer"}, {"type": "string"}]},
        {"anyOf": [{"type": "string", "minLength": 2}]},
        {
            "allOf": [
                {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
                {"type": "object", "required": ["b"], "properties": {"b": {"type": "boolean"}}},
            ]
        },
    ],
)
def test_what_is_made_up_is_accepted_by_its_schema(schema: Any) -> None:
    jsonschema_rs.validator_for(schema).validate(sample(schema, DOCUMENT))


def test_a_bound_that_is_left_out_by_a_boolean_is_left_out() -> None:
    assert sample({"type": "integer", "minimum": 3, "exclusiveMinimum": True}, DOCUMENT) == 4
    assert sample({"type": "integer", "maximum": 0, "exclusiveMaximum": True}, DOCUMENT) == -1
    assert sample({"type": "integer", "minimum": 3, "exclusiveMinimum": False}, DOCUMENT) == 3


def test_a_reference_is_followed_and_a_circle_ends() -> None:
    assert len(sample({"$ref": "#/components/schemas/Name"}, DOCUMENT)) >= 3
    tree = sample({"$ref": "#/components/schemas/Tree"}, DOCUMENT)
    assert set(tree) == {"child"}
