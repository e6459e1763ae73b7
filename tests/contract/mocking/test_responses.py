"""Mocked responses: status, media type, headers and body."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.response import NoMockedResponse
from mockserver.contract.mocking.responses import MockedResponses
from tests.contract.builders import a_document, the_thing
from tests.contract.mocking.builders import JSON, PET, answered, answers_of, of


@pytest.mark.parametrize(
    ("declared", "status"),
    [
        (["404", "201", "202"], 201),
        (["404", "2XX"], 200),
        (["2xx", "204"], 204),
        (["404", "default"], 200),
        (["500", "404"], 404),
        (["5XX", "4XX"], 400),
        (["302", "400"], 302),
        (["503"], 503),
        (["100", "404"], 404),
    ],
)
def test_lowest_success_status_is_sent_else_any_other(declared: list[str], status: int) -> None:
    assert answered({code: {} for code in declared}).status == status


def test_operation_without_responses_sends_204() -> None:
    answer = answered({}, version="3.1.0")
    assert (answer.status, answer.media_type, answer.content) == (204, None, b"")


def test_informational_status_is_not_sent() -> None:
    with pytest.raises(NoMockedResponse, match="declares no response that can be sent"):
        answered({"101": {}})
    with pytest.raises(NoMockedResponse, match="declares no 101"):
        answered({"101": {}, "200": {}}, Preferences(code=101))


@pytest.mark.parametrize(
    ("declared", "code"), [(["200", "404"], 404), (["200", "4XX"], 418), (["200", "default"], 500), (["4xx"], 404)]
)
def test_preferred_code_may_be_declared_as_status_range_or_default(declared: list[str], code: int) -> None:
    assert answered({each: {} for each in declared}, Preferences(code=code)).status == code


def test_undeclared_code_is_refused_with_the_declared_ones() -> None:
    with pytest.raises(NoMockedResponse, match="POST /thing declares no 404; it has 200, 4X0") as refused:
        answered({"200": {}, "4X0": {}}, Preferences(code=404))
    assert refused.value.cause == "code"


EXAMPLES = {
    "bad": {"value": "x"},
    "one": {"value": 1},
    "two": {"summary": "", "value": 2},
    "far": {"externalValue": "x"},
}


@pytest.mark.parametrize(
    ("media", "value", "notes"),
    [
        ({"example": 7}, 7, 0),
        ({"example": "7 is no text"}, 5, 1),
        ({"examples": EXAMPLES}, 1, 2),
        ({"example": "12"}, 12, 0),
        ({}, 5, 0),
    ],
)
def test_example_comes_first_if_its_schema_accepts_it(media: dict[str, Any], value: int, notes: int) -> None:
    answer = answered({"200": of(JSON, {"type": "integer", "default": 5}, **media)})
    assert (answer.value, answer.content, len(answer.notes)) == (value, str(value).encode(), notes)


def test_example_is_chosen_by_its_name() -> None:
    responses = {"200": of(JSON, {"type": "integer"}, examples=EXAMPLES)}
    assert answered(responses, Preferences(example="two")).value == 2
    refused = answered(responses, Preferences(example="bad"))
    assert (refused.value, refused.notes) == (
        "x",
        (
            "the example far was not read: x",
            "the example bad of 200 does not match its own schema, and was sent as it was asked for",
        ),
    )
    with pytest.raises(NoMockedResponse, match="200 has no example 'three'; its examples are: bad, one, two, far"):
        answered(responses, Preferences(example="three"))
    with pytest.raises(NoMockedResponse, match="its examples are: none"):
        answered({"204": {}}, Preferences(example="three"))


def test_preferred_example_decides_the_media_type() -> None:
    content = {JSON: {"examples": {"a": {"value": 1}}}, "text/plain": {"examples": {"b": {"value": "text"}}}}
    answer = answered({"200": {"content": content}}, Preferences(example="b"))
    assert (answer.media_type, answer.content) == ("text/plain; charset=utf-8", b"text")


def test_example_may_be_a_reference() -> None:
    document = a_document({}, components={"examples": {"A": {"value": {"a": 1}}}})
    content = {JSON: {"examples": {"a": {"$ref": "#/components/examples/A"}}}}
    document["paths"]["/thing"]["post"]["responses"] = {"200": {"description": "", "content": content}}
    assert MockedResponses(the_thing(document)).make(Preferences()).value == {"a": 1}


def test_response_is_constant_unless_it_is_dynamic() -> None:
    answers = answers_of({"200": of(JSON, {"type": "integer"}, example=3)})
    assert [answers.make(Preferences()).value for _ in range(3)] == [3, 3, 3]
    turns = [answers.make(Preferences(is_dynamic=True), turn=turn).value for turn in range(20)]
    assert len(set(map(str, turns))) > 10
    assert turns == [answers.make(Preferences(is_dynamic=True), turn=turn).value for turn in range(20)]
    seeded = [answers.make(Preferences(is_dynamic=True, seed="x"), turn=turn).value for turn in range(3)]
    assert len(set(map(str, seeded))) == 1


def test_schema_without_a_value_is_reported_and_searched_once() -> None:
    answers = answers_of({"200": of(JSON, {"type": "integer", "minimum": 2, "maximum": 1}), "404": of(JSON, {})})
    for _ in range(20):
        with pytest.raises(
            NoMockedResponse, match=r"no value was found that the schema of POST /thing 200 application/json"
        ):
            answers.make(Preferences())
    assert answers.make(Preferences(code=404)).status == 404


@pytest.mark.parametrize("status", ["204", "205", "304"])
def test_bodiless_status_has_no_body(status: str) -> None:
    answer = answered({status: of(JSON, PET)})
    assert (answer.content, answer.media_type) == (b"", None)


def test_response_has_an_accepted_media_type() -> None:
    answers = answers_of({"200": {"content": {JSON: {"schema": PET}, "application/xml": {"schema": PET}}}})
    assert answers.make(Preferences(accept="application/xml")).media_type == "application/xml"
    assert answers.make(Preferences(accept="*/*")).media_type == JSON
    with pytest.raises(
        NoMockedResponse, match=re.escape("Accept is 'image/png'; 200 has application/json or application/xml")
    ):
        answers.make(Preferences(accept="image/png"))
    assert json.loads(answers.make(Preferences()).content)["id"] == 1


def test_refused_examples_inside_a_schema_are_reported() -> None:
    owner = {"type": "object", "properties": {"mail": {"type": "string", "format": "email", "example": "nobody"}}}
    schema = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "example": "one"},
            "right": {"type": "string", "example": "as it is"},
            "owner": owner,
            "list": {"type": "array", "items": {"type": "string", "pattern": "^a", "example": "b"}},
        },
    }
    answer = answered({"200": of(JSON, schema)})
    places = [note.split()[3] for note in answer.notes]
    assert places == ["/n", "/owner/mail", "/list/0"]
    assert all(note.endswith("in the schema of 200 does not match it, and was not sent") for note in answer.notes)
    assert isinstance(answer.value, dict)
    assert answer.value["right"] == "as it is"
    assert (
        answered({"200": of(JSON, {"type": "integer", "example": "x"})}).notes[0].startswith("the example of the whole")
    )
