"""Every member of every answer is declared, so a new field fails a test until the document has it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest

from mockserver.client import shapes
from mockserver.contract.pointer import dereference
from mockserver.contract.schema.validators import compile_predicate
from tests.web.control.document.calls import CALLS, DOCUMENT, SCHEMAS, Call, examples_of

OPEN = {"OpenApiDocument"}
"""The schemas of answers that may have any member: a document of somebody else."""
TYPED = {
    "Attempt": shapes.AttemptJson,
    "Session": shapes.SessionJson,
    "Usage": shapes.UsageJson,
    "Invoice": shapes.InvoiceJson,
    "Violation": shapes.ViolationJson,
    "Verdict": shapes.VerdictJson,
    "Exchange": shapes.ExchangeJson,
    "Fault": shapes.FaultJson,
}


def nested(schema: Any, seen: set[str]) -> Iterator[dict[str, Any]]:
    """The schema and those in it. `seen` collects the names of the components."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in seen or name in OPEN:
        return
    if name:
        seen.add(name)
    resolved = dereference(DOCUMENT, schema)
    yield resolved
    parts = [*resolved.get("properties", {}).values(), *resolved.get("oneOf", ()), resolved.get("items")]
    for part in [*parts, resolved.get("additionalProperties")]:
        if isinstance(part, dict):
            yield from nested(part, seen)


def answer_schemas() -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for call in CALLS:
        for _, media_type, content in call.answers():
            if media_type == "application/json":
                yield from nested(content["schema"], seen)
    yield from nested({"$ref": "#/components/schemas/Events"}, seen)


def test_answer_has_declared_members_alone() -> None:
    objects = [schema for schema in answer_schemas() if schema.get("type") == "object"]
    assert len(objects) > 25
    for schema in objects:
        is_map = "properties" not in schema and isinstance(schema["additionalProperties"], dict)
        assert is_map or schema["additionalProperties"] is False, schema


def test_optional_members_of_answers_are_few() -> None:
    optional = {
        name
        for schema in answer_schemas()
        for name in schema.get("properties", {}).keys() - set(schema.get("required", ()))
    }
    of_younger_states = {"key_hint", "name", "buyer", "card_brand", "email"}
    assert optional - of_younger_states - SCHEMAS["Events"]["properties"].keys() == {
        "body",
        "decline_code",
        "encoding",
        "errors",
        "key",
        "method",
        "path",
        "postData",
    }


@pytest.mark.parametrize("name", TYPED)
def test_typed_answer_of_the_client_has_the_declared_members(name: str) -> None:
    hints = get_type_hints(TYPED[name])
    assert hints.keys() == SCHEMAS[name]["properties"].keys()
    for member, hint in hints.items():
        declared = dereference(DOCUMENT, SCHEMAS[name]["properties"][member])
        if hint is not Any:
            assert (types.NoneType in get_args(hint)) == ("null" in declared.get("type", ())), member


def test_typed_answers_of_the_client_are_all_compared() -> None:
    assert set(TYPED.values()) == {each for name, each in vars(shapes).items() if name.endswith("Json")}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_example_of_an_answer_satisfies_its_schema(call: Call) -> None:
    for status, media_type, content in call.answers():
        for name, example in examples_of(content).items():
            assert compile_predicate(content["schema"], DOCUMENT, "response")(example), (status, media_type, name)


def test_components_are_all_in_use() -> None:
    text = str(DOCUMENT)
    unused = [
        name
        for kind in ("parameters", "responses", "schemas")
        for name in DOCUMENT["components"][kind]
        if f"'#/components/{kind}/{name}'" not in text
    ]
    assert unused == ["Events"]  # the stream is a text; its events are described for the reader
