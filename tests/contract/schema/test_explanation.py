"""Explanations of refused values: each names its fault, and their work is bounded."""

from __future__ import annotations

import subprocess
import sys
from time import process_time
from typing import Any

import pytest

from mockserver.contract import Json, Violation
from tests.contract.builders import a_document, the_thing

CAT: dict[str, Any] = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["Cat"]}}}
DOG: dict[str, Any] = {"type": "object", "required": ["bark"], "properties": {"kind": {"enum": ["Dog"]}}}
FREE = {"type": "object", "required": ["name"], "properties": {"kind": {"type": "string"}}}
FREE_PETS = [{"$ref": "#/components/schemas/FreeCat"}, {"$ref": "#/components/schemas/Dog"}]
SCHEMAS = {"Cat": CAT, "Dog": DOG, "FreeCat": FREE, "B": {"properties": {"b": {}}}}
PETS = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
KIND = {"propertyName": "kind"}
INTEGERS = {"contains": {"type": "integer"}}


def violations_of(schema: dict[str, Any], body: Json, **schemas: dict[str, Any]) -> tuple[Violation, ...]:
    document = a_document(schema, version="3.1.0", components={"schemas": {**SCHEMAS, **schemas}})
    return the_thing(document).body_violations(body)


@pytest.mark.parametrize(
    ("schema", "body", "pointer", "message"),
    [
        (
            {"properties": {"a": {}}, "unevaluatedProperties": False},
            {"a": 1, "c": 1},
            "/c",
            "c is unknown; it is not allowed",
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/B"}], "unevaluatedProperties": False},
            {"b": 1, "c": 1},
            "/c",
            "c is unknown; it is not allowed",
        ),
        ({"unevaluatedProperties": {"type": "integer"}}, {"c": "x"}, "/c", 'c is "x"; an integer is needed'),
        (
            {"prefixItems": [{}], "unevaluatedItems": False},
            [1, 2, 3],
            "/1",
            "the body has 3 items; at most 1 is allowed",
        ),
        ({"prefixItems": [{}, {}], "items": False}, [1, 2, 3], "/2", "the body has 3 items; at most 2 are allowed"),
        ({"dependentRequired": {"card": ["cvc"]}}, {"card": 1}, "", "cvc is missing; card needs it"),
        ({"dependentSchemas": {"card": {"required": ["cvc"]}}}, {"card": 1}, "", "cvc is missing; card needs it"),
        (
            {**INTEGERS, "maxContains": 1},
            [1, "a", 2],
            "",
            "the body has 2 items of the kind that contains asks for (an integer); at most 1 is allowed",
        ),
        (
            {**INTEGERS, "minContains": 2},
            [1],
            "",
            "the body has 1 item of the kind that contains asks for (an integer); at least 2 are needed",
        ),
        (
            {"oneOf": [{"required": ["t"]}, {"required": ["y"]}, {"required": ["z"]}]},
            {"t": 1, "y": 1},
            "",
            "the body fits 2 of the 3 alternatives, number 1 and number 2; exactly one is needed",
        ),
        ({"oneOf": PETS}, {"kind": "Cow", "bark": 1}, "/kind", 'kind is "Cow"; "Cat" is needed'),
        (
            {"oneOf": FREE_PETS, "discriminator": {**KIND, "mapping": {"cat": "FreeCat"}}},
            {"kind": "Cow"},
            *("/kind", 'kind is "Cow"; one of "cat", "Dog" is needed'),
        ),
        (
            {"uniqueItems": True},
            ["a", "b", "a"],
            "",
            'the body has "a" more than once; an array without repeats is needed',
        ),
        ({"uniqueItems": True}, [{}, {}], "", "the body is an array; an array without repeats is needed"),
        ({"minLength": 3}, "a", "", 'the body is "a"; text of at least 3 characters is needed'),
        ({"minItems": 2}, [1], "", "the body has 1 item; at least 2 are needed"),
        ({"maxItems": 1}, [1, 2], "", "the body has 2 items; at most 1 is allowed"),
        ({"minProperties": 1}, {}, "", "the body has 0 members; at least 1 is needed"),
        ({"maxProperties": 0}, {"a": 1}, "", "the body has 1 member; at most 0 are allowed"),
        ({"oneOf": PETS, "discriminator": KIND}, {"kind": "Dog"}, "", "bark is missing; it is required"),
        (
            {"oneOf": PETS, "discriminator": KIND},
            {"kind": "Cow", "bark": 1},
            "/kind",
            'kind is "Cow"; one of "Cat", "Dog" is needed',
        ),
        (
            {"properties": {"a": {"not": {"type": "string"}}}},
            {"a": "x"},
            "/a",
            'a is "x"; anything but a string is needed',
        ),
        (
            {"not": {"required": ["a", "b"]}},
            {"a": 1, "b": 1},
            "",
            "the body is an object; an object without a and b together is needed",
        ),
        (
            {"propertyNames": {"maxLength": 2}},
            {"abc": 1},
            "/abc",
            "abc is no allowed name; text of at most 2 characters is needed",
        ),
        (
            {"not": {"type": "object", "required": ["a"]}},
            {"a": 1},
            "",
            "the body is an object; an object without a is needed",
        ),
        (
            {"oneOf": [{"title": "One"}, {"title": "Two"}, {"type": "object"}]},
            {},
            "",
            "the body fits 3 of the 3 alternatives, One, Two and number 3; exactly one is needed",
        ),
        ({"propertyNames": False}, {"a": 1}, "/a", "a is no allowed name"),
        ({"properties": {"a": False}}, {"a": 1}, "/a", "a is 1; no value is allowed"),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1}, "", "b is missing; it is required"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "", "the body is 1; a string or null is needed"),
        ({"anyOf": [{"type": "string"}, CAT]}, {}, "", "kind is missing; it is required"),
    ],
    ids=str,
)
def test_refusal_names_its_fault(schema: dict[str, Any], body: Json, pointer: str, message: str) -> None:
    (violation,) = violations_of(schema, body)
    assert (violation.pointer, violation.message) == (pointer, message)


@pytest.mark.parametrize("odd", [[], {}, 5, True, None])
def test_discriminator_that_cannot_be_read_changes_no_refusal(odd: Json) -> None:
    without = violations_of({"oneOf": PETS}, {"kind": "Dog"})
    assert violations_of({"oneOf": PETS, "discriminator": {"propertyName": odd}}, {"kind": "Dog"}) == without
    assert violations_of({"oneOf": PETS, "discriminator": odd}, {"kind": "Dog"}) == without
    right = violations_of({"oneOf": PETS, "discriminator": KIND}, {"kind": "Dog"})
    assert violations_of({"oneOf": PETS, "discriminator": {**KIND, "mapping": odd}}, {"kind": "Dog"}) == right


def test_alternatives_that_fit_together_are_named() -> None:
    named = {"First": {"type": "object"}, "Second": {"type": "object"}}
    choice = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in named]}
    (violation,) = violations_of(choice, {}, **named)
    assert violation.message == "the body fits 2 of the 2 alternatives, First and Second; exactly one is needed"


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("readOnly", "id is readOnly; it is not allowed in a request"),
        ("writeOnly", "id is writeOnly; it is not allowed in a response"),
    ],
)
def test_forbidden_member_is_named(mark: str, message: str) -> None:
    thing = the_thing(a_document({"type": "object", "properties": {"id": {"type": "integer", mark: True}}}))
    is_request = mark == "readOnly"
    found = (
        thing.body_violations({"id": 1})
        if is_request
        else thing.response_violations(200, "application/json", {"id": 1})
    )
    assert found == (Violation("/id", message, mark),)


def test_twenty_faults_are_listed_and_the_rest_is_counted() -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    assert len(violations_of(schema, ["x"] * 20)) == 20
    found = violations_of(schema, ["x"] * 25)
    assert (len(found), found[-1].message) == (20, "there are 6 more faults")
    assert violations_of(schema, ["x"] * 5_000)[-1].message == "there are more faults"


def nested(depth: int) -> Json:
    value: Json = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def a_choice(*names: str) -> dict[str, Any]:
    """A recursive oneOf: each of its alternatives leads to all of them again."""
    node = {"$ref": "#/components/schemas/Node"}
    return {"oneOf": [{"type": "object", "properties": {"a": node, name: {}}, "required": [name]} for name in names]}


COSTLY: list[tuple[dict[str, Any], Json]] = [
    ({"$ref": "#/components/schemas/Node"}, nested(60)),
    ({"$ref": "#/components/schemas/Wide"}, nested(60)),
    ({"type": "array", "items": {"type": "object"}}, [1] * 48_000),
    ({"type": "array", "items": {"oneOf": [{"type": "object"}, {"type": "string"}]}}, [1] * 48_000),
    ({"type": "array", "items": {"type": "integer"}}, [*([1] * 48_000), "x"]),
    ({"type": "object", "additionalProperties": False}, dict.fromkeys(map(str, range(9_000)), 1)),
    ({"type": "object", "propertyNames": {"maxLength": 1}}, dict.fromkeys(map(str, range(9_000)), 1)),
    ({"type": "array", "contains": {"type": "string"}}, [1] * 48_000),
    ({"type": "array", "items": {"type": "string", "pattern": "^(a+)+$"}}, ["a" * 40 + "!"] * 500),
]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(("schema", "body"), COSTLY, ids=[str(schema)[:60] for schema, _ in COSTLY])
def test_work_of_an_explanation_is_bounded(schema: dict[str, Any], body: Json, version: str) -> None:
    named = {"Node": a_choice(*"xyz"), "Wide": a_choice(*map(str, range(300)))}
    thing = the_thing(a_document(schema, version=version, components={"schemas": named}))
    if thing.accepts_body(body):  # OpenAPI 3.0 has no such keyword
        return
    started = process_time()
    found = thing.body_violations(body)
    assert 1 <= len(found) <= 20
    assert process_time() - started < 1


def test_refusal_imports_no_heavy_library() -> None:
    code = """
import sys
from tests.contract.builders import the_operation
assert the_operation("page", "POST", "/billing/checkout").body_violations({"amount": 0.5, "success_url": 5})
print([name for name in ("openapi_core", "jsonschema", "werkzeug") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_null_is_named_among_the_types_of_a_nullable_value() -> None:
    document = a_document({"type": "string", "nullable": True}, version="3.0.3")
    (violation,) = the_thing(document).body_violations(1)
    assert violation.message == "the body is 1; a string or null is needed"
