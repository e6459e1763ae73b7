"""A sample is a value of the document, or else the plainest value that its schema accepts."""

from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from mockserver.contract import Json
from mockserver.contract.mocking.sample import NoSample, sample, sample_random, sample_valid

SCHEMAS: dict[str, Any] = {
    "Name": {"type": "string", "minLength": 3},
    "Tree": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "child": {"$ref": "#/components/schemas/Tree"}},
    },
    "Loop": {"$ref": "#/components/schemas/Loop"},
    "Endless": {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"$ref": "#/components/schemas/Endless"}},
    },
    "List": {
        "oneOf": [
            {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/List"}}},
            {"type": "string"},
        ]
    },
    "Pet": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"pussy": "#/components/schemas/Cat"}},
    },
    "Cat": {
        "allOf": [
            {"$ref": "#/components/schemas/Pet"},
            {"type": "object", "properties": {"lives": {"type": "integer"}}},
        ]
    },
    "Dog": {
        "allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["barks"], "properties": {"barks": {"const": 1}}}]
    },
}
DOCUMENT: dict[str, Any] = {"openapi": "3.1.0", "components": {"schemas": SCHEMAS}}
OLDER: dict[str, Any] = {"openapi": "3.0.3", "components": {"schemas": SCHEMAS}}
REF = "#/components/schemas/"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "a", "default": "b"}, "a"),
        ({"type": "string", "default": "b", "enum": ["c", "b"]}, "b"),
        ({"type": "string", "enum": ["c", "d"]}, "c"),
        ({"const": 7}, 7),
        ({"type": "integer", "examples": [3, 4]}, 3),
        ({"type": "integer"}, 1),
        ({"type": "boolean"}, True),
        ({"type": ["null", "integer"]}, 1),
        ({"type": "null"}, None),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"text": 1}),
        ({"type": "string", "pattern": "^[A-Z]{3}-\\d{2}$"}, "ABC-45"),
        ({"anyOf": [{"type": "null"}, {"type": "string", "example": "x"}]}, None),
        (True, "text"),
    ],
)
def test_values_of_the_document_come_first(schema: Any, value: Any) -> None:
    assert sample_valid(schema, DOCUMENT) == value


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "example": "no number", "default": 5}, 5),
        ({"type": "string", "example": "a", "default": "b", "enum": ["c"]}, "c"),
        (
            {"type": "object", "properties": {"a": {"type": "integer", "example": "x"}, "b": {"example": 1}}},
            {"a": 1, "b": 1},
        ),
        ({"type": "array", "items": {"type": "integer"}, "example": ["x"]}, [1]),
        ({"type": "object", "required": ["a"], "example": {}, "properties": {"a": {"default": 2}}}, {"a": 2}),
        ({"oneOf": [{"type": "integer", "example": 4}, {"type": "number", "example": 4.5}]}, 4.5),
    ],
)
def test_example_that_its_own_schema_refuses_is_skipped(schema: Any, value: Any) -> None:
    assert sample_valid(schema, DOCUMENT) == value


FORMATS = [
    *("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
    *("uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "json-pointer", "relative-json-pointer"),
    *("regex", "byte", "binary", "password", "int32", "made-up-by-somebody"),
]
DEMANDING: list[Any] = [
    *({"type": "string", "format": name} for name in FORMATS),
    {"type": "array", "items": {"type": "string", "format": "date"}, "uniqueItems": True, "minItems": 5},
    {"type": "array", "items": {"type": "string", "format": "uuid"}, "uniqueItems": True, "minItems": 5},
    {"type": "string", "format": "email", "maxLength": 8},
    {"type": "string", "format": "uri", "minLength": 60},
    {"type": "string", "format": "date-time", "minLength": 26},
    {"type": "string", "minLength": 9},
    {"type": "string", "minLength": 5_000},
    {"type": "string", "maxLength": 2},
    {"type": "string", "maxLength": 0},
    {"type": "string", "pattern": "^(?=.*\\d)(?=.*[a-z]).{4,8}$"},
    {"type": "string", "pattern": "^(?!a)[a-z]+$"},
    {"type": "string", "pattern": "(?i:^ab(?-i:c)d{3}$)"},
    {"type": "string", "pattern": "^#?([a-fA-F0-9]{6}|[a-fA-F0-9]{3})$"},
    {"type": "string", "pattern": "^\\p{Lu}\\p{L}*$"},
    {"type": "string", "pattern": "^[^\\s\"'<>]{20,}$"},
    {"type": "string", "pattern": "^(\\d{3})-\\1$"},
    {"type": "string", "pattern": "b{2}", "minLength": 12},
    {"type": "string", "pattern": "^\\u0041\\x42(?<name>c)?[\\d-]+\\.$"},
    {"type": "string", "pattern": "^a", "allOf": [{"pattern": "z$"}]},
    {"type": "integer", "minimum": 5, "maximum": 5},
    {"type": "integer", "minimum": 3, "multipleOf": 5},
    {"type": "integer", "minimum": 10**18, "multipleOf": 7},
    {"type": "number", "maximum": -2.5},
    {"type": "number", "minimum": 0, "maximum": 0.5},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.25},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e-3},
    {"type": "number", "multipleOf": 0.01, "minimum": 10.001},
    {"type": "integer", "minimum": 4, "exclusiveMinimum": 9, "exclusiveMaximum": 11},
    {"type": "integer", "exclusiveMaximum": 1},
    {"type": "integer", "maximum": -2, "multipleOf": 5},
    {"allOf": [{"multipleOf": 4, "type": "integer"}, {"multipleOf": 6}, {"minimum": 1}]},
    {"type": "array", "minItems": 3, "items": {"type": "string"}},
    {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"enum": [1, 2, 3]}},
    {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"type": "boolean"}},
    {
        **{"type": "array", "minItems": 2, "uniqueItems": True},
        "items": {"type": "object", "required": ["k"], "properties": {"k": {"enum": ["a", "b"]}}},
    },
    {"prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False, "type": "array", "minItems": 2},
    {
        "type": "array",
        "contains": {"const": "q"},
        "minContains": 2,
        "maxContains": 2,
        "minItems": 4,
        "items": {"type": "string"},
    },
    {"type": "array", "prefixItems": [{"type": "integer"}], "contains": {"const": "q"}},
    {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}}},
    {"type": "object", "maxProperties": 1, "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}},
    {"type": "object", "minProperties": 3, "propertyNames": {"pattern": "^[A-Z]+$"}},
    {"type": "object", "minProperties": 2, "propertyNames": {"enum": ["x", "y"]}},
    {
        "type": "object",
        "minProperties": 3,
        "patternProperties": {"^x-": {"type": "integer"}},
        "additionalProperties": False,
    },
    {"type": "object", "dependentRequired": {"a": ["b"], "b": ["c"]}, "properties": {"a": {"type": "integer"}}},
    {
        "type": "object",
        "properties": {"a": {}},
        "dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"const": 1}}}},
    },
    {
        "type": "object",
        "allOf": [{"properties": {"b": {"type": "integer"}}}],
        "properties": {"a": {"type": "integer"}},
        "unevaluatedProperties": False,
    },
    {"type": "object", "properties": {"a": {"type": "integer"}, "no": False}},
    {"not": {"type": ["string", "integer", "number"]}},
    {"type": "object", "not": {"required": ["a"]}, "properties": {"a": {}, "b": {"type": "integer"}}},
    {"type": "string", "enum": ["a", "b"], "not": {"const": "a"}},
    {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    {"oneOf": [{"type": "integer"}, {"type": "number"}]},
    {"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]},
    {
        "oneOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {"type": "object", "properties": {"b": {"type": "string"}}},
        ]
    },
    {"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object", "properties": {"a": {"type": "string"}}},
    {"anyOf": [{"type": "string", "minLength": 2}]},
    {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"enum": [2, 1]}},
        "if": {"properties": {"a": {"const": 1}}},
        "then": {"required": ["b"], "properties": {"b": {"type": "string"}}},
        "else": {"required": ["c"]},
    },
    {"allOf": [{"required": ["a"], "properties": {"a": {"type": "integer"}}}, {"required": ["b"], "type": "object"}]},
    {
        "allOf": [
            {"properties": {"a": {"minimum": 5}}},
            {"properties": {"a": {"maximum": 5, "type": "integer"}}, "required": ["a"]},
        ]
    },
    {"enum": [[], {"a": None}, "x"], "type": "object"},
    {"enum": list(range(100_000)), "minimum": 10},
    {"$ref": REF + "Name", "maxLength": 3},
    {"$ref": REF + "Tree"},
    {"$ref": REF + "List"},
    {"type": "array", "items": {"$ref": REF + "Tree"}, "minItems": 2},
]


def judge(schema: Any, value: Json) -> None:
    """Assert with another library that the value is valid."""
    written = json.dumps(schema)
    if "\\\\p{" in written or "(?<" in written:
        return  # Python's regular expressions support neither
    judged = {"allOf": [schema], "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(judged, format_checker=checker).validate(value)


@pytest.mark.parametrize("schema", DEMANDING, ids=lambda schema: json.dumps(schema)[:80])
def test_sample_is_accepted_by_its_schema(schema: Any) -> None:
    value = sample_valid(schema, DOCUMENT)
    judge(schema, value)
    assert sample_valid(schema, DOCUMENT) == value, "the same each time"


@pytest.mark.parametrize("schema", DEMANDING, ids=lambda schema: json.dumps(schema)[:80])
def test_random_sample_is_valid_and_the_same_for_the_same_seed(schema: Any) -> None:
    for seed in "abc":
        try:
            value = sample_random(schema, DOCUMENT, seed=seed)
        except NoSample:
            continue  # the response is then the constant one
        judge(schema, value)
        assert sample_random(schema, DOCUMENT, seed=seed) == value


def test_random_samples_differ() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
        "required": ["a", "b"],
    }
    assert len({json.dumps(sample_random(schema, DOCUMENT, seed=str(seed))) for seed in range(20)}) > 15


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "integer", "minimum": 3, "maximum": 2},
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"$ref": REF + "Endless"},
        {"type": "string", "pattern": "^a$", "minLength": 2},
        {"oneOf": [{"type": "integer"}, {"type": "integer"}]},
        {"type": "array", "contains": {}, "minContains": 10**9},
        {"type": "array", "minItems": 10**9},
        {"type": "string", "minLength": 10**9},
        {"type": "object", "minProperties": 10**9},
    ],
    ids=str,
)
def test_schema_without_a_value_has_no_sample(schema: Any) -> None:
    with pytest.raises(NoSample):
        sample_valid(schema, DOCUMENT)


def test_number_far_from_its_bounds_is_found() -> None:
    rare = {"type": "integer", "multipleOf": 1, "not": {"anyOf": [{"minimum": -40}, {"multipleOf": 2}]}}
    assert isinstance(value := sample_valid(rare, DOCUMENT), int)
    assert value < -40


def test_boolean_exclusive_bound_is_excluded() -> None:
    assert sample_valid({"type": "integer", "minimum": 3, "exclusiveMinimum": True}, OLDER) == 4
    assert sample_valid({"type": "integer", "maximum": 0, "exclusiveMaximum": True}, OLDER) == -1
    assert sample_valid({"type": "integer", "minimum": 3, "exclusiveMinimum": False}, OLDER) == 3


def test_openapi_30_ignores_keywords_of_31() -> None:
    assert sample_valid({"type": "string", "nullable": True, "enum": [None]}, OLDER) is None
    assert sample_valid({"$ref": REF + "Name", "maxLength": 1}, OLDER) == "text"


@pytest.mark.parametrize("document", [DOCUMENT, OLDER], ids=["3.1", "3.0"])
def test_write_only_member_is_in_no_response_sample(document: dict[str, Any]) -> None:
    schema = {
        "type": "object",
        "required": ["name", "password"],
        "properties": {"name": {"type": "string"}, "password": {"type": "string", "writeOnly": True}},
    }
    assert sample_valid(schema, document) == {"name": "text"}
    assert "password" not in str(sample_random(schema, document, seed="1"))


def test_circular_schema_has_a_finite_sample() -> None:
    assert sample_valid({"$ref": REF + "Tree"}, DOCUMENT) == {"name": "text"}
    assert sample_valid({"$ref": REF + "List"}, DOCUMENT) in ("text", {"next": "text"})


@pytest.mark.parametrize(("name", "kind"), [("Cat", "pussy"), ("Dog", "Dog"), ("Pet", "Pet")])
def test_discriminator_names_the_schema(name: str, kind: str) -> None:
    value = sample_valid({"$ref": REF + name}, DOCUMENT)
    assert isinstance(value, dict)
    assert value["kind"] == kind


def test_discriminator_names_the_chosen_branch() -> None:
    schema = {"oneOf": [{"$ref": REF + "Dog"}, {"type": "string"}], "discriminator": {"propertyName": "kind"}}
    assert sample_valid(schema, DOCUMENT) == {"kind": "Dog", "barks": 1}


def test_sample_of_a_large_schema_lacks_deep_optional_members() -> None:
    levels: dict[str, Any] = {"S8": {"type": "string"}}
    for level in range(8):
        members = {f"member{index}": {"$ref": f"{REF}S{level + 1}"} for index in range(12)}
        levels[f"S{level}"] = {"type": "object", "properties": members}
    value = sample_valid({"$ref": REF + "S0"}, {"openapi": "3.1.0", "components": {"schemas": levels}})
    assert isinstance(value, dict)
    assert len(value) == 12
    assert len(json.dumps(value)) < 200_000


def test_long_chain_of_references_is_followed() -> None:
    chain: dict[str, Any] = {f"S{index}": {"$ref": f"{REF}S{index + 1}"} for index in range(2_000)}
    document = {"openapi": "3.1.0", "components": {"schemas": {**chain, "S2000": {"type": "integer"}}}}
    assert sample_valid({"$ref": REF + "S0"}, document) == 1


@pytest.mark.parametrize(
    "schema", [{"$ref": REF + "Nothing"}, {"$ref": "other.yaml#/a"}, {"$ref": REF + "Loop"}, False]
)
def test_sample_of_an_invalid_schema_raises_nothing(schema: Json) -> None:
    sample(schema, DOCUMENT)
