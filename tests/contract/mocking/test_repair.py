"""An example with a fault or two is repaired in these places, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.repair import repair_example
from mockserver.contract.mocking.response import MockedResponse
from mockserver.contract.mocking.responses import MockedResponses
from mockserver.contract.schema.validators import compile_validator
from tests.contract.builders import a_document, the_thing

DOCUMENT: dict[str, Any] = {"openapi": "3.0.3"}
SCHEMA = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "size": {"type": "integer"},
        "open": {"type": "boolean"},
        "link": {"type": "string", "format": "uri"},
        "state": {"enum": ["OPEN", "CLOSED"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "problem": {"type": "object", "properties": {"title": {"type": "string"}}},
        "note": {"type": "string", "nullable": True},
    },
}
REPAIRED: list[tuple[Any, Any, list[str]]] = [
    ({"id": "a", "problem": None}, {"id": "a"}, ["/problem was left out"]),
    ({"id": "a", "note": None}, {"id": "a", "note": None}, []),
    ({"id": "a", "more": 1}, {"id": "a"}, ["/more was left out"]),
    ({"id": 7}, {"id": "7"}, ['/id was 7 and is "7"']),
    ({"id": "a", "size": "12"}, {"id": "a", "size": 12}, ['/size was "12" and is 12']),
    ({"id": "a", "size": 12.0}, {"id": "a", "size": 12}, ["/size was 12.0 and is 12"]),
    ({"id": "a", "open": "true"}, {"id": "a", "open": True}, ['/open was "true" and is true']),
    ({"id": "a", "state": "open"}, {"id": "a", "state": "OPEN"}, ['/state was "open" and is "OPEN"']),
    ({"id": "a", "tags": "x"}, {"id": "a", "tags": ["x"]}, ['/tags was "x" and is ["x"]']),
    ({"id": "a", "tags": ["x", 1, 2]}, {"id": "a", "tags": ["x", "1", "2"]}, ["/tags/1 was 1", "/tags/2 was 2"]),
    ({"size": 1}, {"id": "text", "size": 1}, ['/id was missing and is "text"']),
    ({"id": "a", "link": "/jobs?page=0"}, {"id": "a", "link": "/jobs?page=0"}, ["/link is no uri"]),
    ({"id": 1, "problem": None, "link": "/a"}, {"id": "1", "link": "/a"}, ["/id was", "/problem was", "/link is"]),
    ({"id": "a", "problem": {"title": 5}}, {"id": "a", "problem": {"title": "5"}}, ["/problem/title was 5"]),
    ({"id": "a", "size": "large"}, {"id": "a"}, ["/size was left out"]),
    ({"id": "a", "state": "gone", "size": 3}, {"id": "a", "size": 3}, ["/state was left out"]),
    ({"id": "a", "tags": {"x": 1}}, {"id": "a"}, ["/tags was left out"]),
    ({"id": "a", "tags": ["x", {}, "y"]}, {"id": "a", "tags": ["x", "y"]}, ["/tags/1 was left out"]),
    ({"id": "a", "size": "1", "more": 1, "state": "x"}, {"id": "a", "size": 1}, ["/size", "/more", "/state"]),
]
CHOICE: dict[str, Any] = {
    "anyOf": [
        {"type": "null"},
        {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["b"]}, "size": {"type": "integer"}}},
        {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["a"]}, "size": {"type": "string"}}},
    ],
    "maxProperties": 2,
}
IN_A_CHOICE: list[tuple[Any, Any, list[str]]] = [
    ({"kind": "b", "size": "3"}, {"kind": "b", "size": 3}, ['/size was "3" and is 3']),
    ({"kind": "a", "size": 3}, {"kind": "a", "size": "3"}, ['/size was 3 and is "3"']),
    ({"kind": "B"}, {"kind": "b"}, ['/kind was "B" and is "b"']),
    ({"kind": "b", "size": []}, {"kind": "b"}, ["/size was left out"]),
]


@pytest.mark.parametrize(("given", "sent", "notes"), IN_A_CHOICE)
def test_fault_in_the_likely_branch_of_a_choice_is_repaired(given: Any, sent: Any, notes: list[str]) -> None:
    assert repair_example(given, compile_validator(CHOICE, DOCUMENT, "response")) == (sent, tuple(notes))


def test_format_in_a_branch_may_be_missed() -> None:
    schema = {"type": "object", "properties": {"link": {"oneOf": [{"type": "string", "format": "uri"}]}}}
    found = repair_example({"link": "/a"}, compile_validator(schema, DOCUMENT, "response"))
    assert found == ({"link": "/a"}, ("/link is no uri",))


@pytest.mark.parametrize(("given", "sent", "notes"), REPAIRED)
def test_faulty_place_is_repaired_and_the_rest_is_left(given: Any, sent: Any, notes: list[str]) -> None:
    before = repr(given)
    found = repair_example(given, compile_validator(SCHEMA, DOCUMENT, "response"))
    assert found is not None
    assert found.value == sent
    assert len(found.notes) == len(notes)
    assert all(any(said.startswith(note) for said in found.notes) for note in notes)
    assert repr(given) == before


@pytest.mark.parametrize("given", ["text", {"id": {"x": 1}}, {"id": [], "size": 3}])
def test_example_with_another_fault_is_not_repaired(given: Any) -> None:
    assert repair_example(given, compile_validator(SCHEMA, DOCUMENT, "response")) is None


def answered(schema: Any, wish: Preferences | None = None, **media: Any) -> MockedResponse:
    document = a_document({})
    content = {"application/json": {"schema": schema, **media}}
    document["paths"]["/thing"]["post"]["responses"] = {"200": {"description": "", "content": content}}
    return MockedResponses(the_thing(document)).make(wish or Preferences())


def test_repaired_example_is_sent_with_a_note() -> None:
    answer = answered(SCHEMA, example={"id": "a", "problem": None, "state": "OPEN"})
    assert answer.value == {"id": "a", "state": "OPEN"}
    assert answer.notes == ("the example of 200: /problem was left out",)


def test_example_is_sent_where_no_value_is_found() -> None:
    never = {"type": "string", "pattern": "^a$", "minLength": 2}
    answer = answered(never, example="ab")
    assert answer.value == "ab"
    assert answer.notes == ("the example of 200 does not match its own schema; it was sent, since no value was found",)


@pytest.mark.parametrize("secret", [{"type": "string", "writeOnly": True}, {"$ref": "#/components/schemas/Secret"}])
def test_write_only_member_of_an_example_is_left_out(secret: dict[str, Any]) -> None:
    document = {"openapi": "3.0.3", "components": {"schemas": {"Secret": {"type": "string", "writeOnly": True}}}}
    schema = {"type": "object", "required": ["id", "password"], "properties": {"id": {}, "password": secret}}
    found = repair_example({"id": 4, "password": "s3cret"}, compile_validator(schema, document, "response"))
    assert found == ({"id": 4}, ("/password was left out",))
