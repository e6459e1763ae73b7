"""Choices of which the schemas around them leave few branches."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped] # ships no types
import pytest

from mockserver.contract import Json
from mockserver.contract.mocking.sample import sample_random, sample_valid

DOCUMENT: dict[str, Any] = {"openapi": "3.1.0", "components": {"schemas": {"Last": {"const": "k39"}}}}
KINDS = [f"k{number}" for number in range(40)]
EVENTS = [
    {"required": ["kind", kind], "properties": {"kind": {"const": kind}, kind: {"type": "integer"}}} for kind in KINDS
]
RULES = [
    {
        "if": {"properties": {"kind": {"const": kind}}},
        "then": {"required": [kind], "properties": {kind: {"type": "integer"}}},
        "else": {"properties": {kind: False}},
    }
    for kind in KINDS
]


def narrowed(kind: Any, **choice: Any) -> dict[str, Any]:
    """An object with a member `kind` of that schema."""
    return {"type": "object", "required": ["kind"], "properties": {"kind": kind}, **choice}


UNIONS: dict[str, dict[str, Any]] = {
    "a union by a constant": narrowed({"const": "k33"}, oneOf=EVENTS),
    "a union by a list": narrowed({"enum": ["other", "k39"]}, anyOf=EVENTS),
    "a union by a pattern": narrowed({"pattern": "^k2[89]$"}, oneOf=EVENTS),
    "a union by a reference": narrowed({"$ref": "#/components/schemas/Last"}, oneOf=EVENTS),
    "a union in a union": narrowed({"const": "k39"}, oneOf=[{"oneOf": EVENTS[:20]}, {"oneOf": EVENTS[20:]}]),
    "a union of numbers": narrowed(
        {"minimum": 38}, oneOf=[{"properties": {"kind": {"const": number}}} for number in range(40)]
    ),
}
CONDITIONS: dict[str, dict[str, Any]] = {
    "conditions by a list": narrowed({"enum": KINDS[30:]}, allOf=RULES),
    "conditions by a text": narrowed({"type": "string"}, allOf=RULES),
}


@pytest.mark.parametrize("schema", (UNIONS | CONDITIONS).values(), ids=UNIONS | CONDITIONS)
def test_possible_branch_is_found_among_many(schema: dict[str, Any]) -> None:
    judged(schema, sample_valid(schema, DOCUMENT))


@pytest.mark.parametrize("schema", UNIONS.values(), ids=UNIONS)
@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_random_branch_is_a_possible_one(schema: dict[str, Any], seed: str) -> None:
    judged(schema, sample_random(schema, DOCUMENT, seed=seed))


def judged(schema: dict[str, Any], value: Json) -> None:
    """Assert with another library that the value is valid."""
    jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)
