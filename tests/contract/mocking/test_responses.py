"""Mocked responses: status, media type, headers and body."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest

from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.response import MockedResponse, NoMockedResponse
from mockserver.contract.mocking.responses import MockedResponses
from tests.contract.builders import a_document, the_thing

PET: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "xml": {"name": "pet"},
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "name": {"type": "string", "default": "<Tom & Jerry>"},
        "tags": {"type": "array", "xml": {"wrapped": True}, "items": {"type": "string", "xml": {"name": "tag"}}},
    },
}
JSON = "application/json"
NO_PREFERENCES = Preferences()


def answers_of(responses: dict[str, Any], version: str = "3.0.3") -> MockedResponses:
    declared = {code: {"description": "", **response} for code, response in responses.items()}
    return MockedResponses(the_thing(a_document({}, responses=declared, version=version)))


def answered(
    responses: dict[str, Any], preferences: Preferences = NO_PREFERENCES, version: str = "3.0.3"
) -> MockedResponse:
    return answers_of(responses, version).make(preferences)


def of(media_type: str, schema: Any = None, **more: Any) -> dict[str, Any]:
    """A response of one media type."""
    return {"content": {media_type: {**({} if schema is None else {"schema": schema}), **more}}}


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
        ({"examples": EXAMPLES}, 1, 1),
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
    assert (refused.value, len(refused.notes)) == (1, 1)
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


@pytest.mark.parametrize(
    ("media_type", "schema", "content"),
    [
        (JSON, {"type": "string"}, b'"text"'),
        (JSON, None, b"{}"),
        ("application/problem+json", {"type": "integer"}, b"1"),
        ("text/plain", {"type": "string"}, b"text"),
        ("text/plain", {"type": "integer"}, b"1"),
        ("text/plain", None, b""),
        ("text/csv; charset=iso-8859-1", {"type": "string", "example": "\u00e4"}, b"\xe4"),
        ("text/plain; charset=made-up", {"type": "string", "example": "\u00e4"}, b"\xc3\xa4"),
        ("application/x-ndjson", {"type": "array", "items": {"type": "integer"}, "example": [1, 2]}, b"1\n2\n"),
        ("text/event-stream", {"type": "object", "example": {"a": 1}}, b'data: {"a":1}\n\n'),
        ("application/octet-stream", {"type": "string", "format": "binary"}, b"sample"),
        ("application/zip", {"type": "string", "format": "binary", "maxLength": 3}, b"tex"),
        ("application/yaml", {"type": "object", "example": {"a": 1}}, b'{"a":1}'),
    ],
)
def test_body_is_serialized_in_its_media_type(media_type: str, schema: Any, content: bytes) -> None:
    assert answered({"200": of(media_type, schema)}).content == content


@pytest.mark.parametrize("schema", [{"schema": {"type": "string", "format": "binary"}}, {}])
def test_image_body_is_a_valid_file(schema: Any) -> None:
    answer = answered({"200": {"content": {"image/png": schema}}})
    assert (answer.media_type, answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


def test_form_body_contains_the_members() -> None:
    schema = {"type": "object", "example": {"a": "x y", "b": [1, 2], "c": {"d": 1}}}
    answer = answered({"200": of("application/x-www-form-urlencoded", schema)})
    assert parse_qsl(answer.content.decode()) == [("a", "x y"), ("b", "1"), ("b", "2"), ("c", '{"d":1}')]


def test_multipart_body_can_be_parsed() -> None:
    answer = answered({"200": of("multipart/form-data", {"type": "object", "example": {"a": "x", "b": {"c": 1}}})})
    message = message_from_bytes(f"Content-Type: {answer.media_type}\r\n\r\n".encode() + answer.content)
    parts = message.get_payload()
    assert isinstance(parts, list)
    assert [(part.get_param("name", header="content-disposition"), part.get_payload()) for part in parts] == [  # type: ignore[union-attr]
        ("a", "x"),
        ("b", '{"c":1}'),
    ]


def test_xml_body_has_the_names_of_the_schema() -> None:
    answer = answered({"200": of("application/xml", PET)})
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, root.attrib, root.findtext("name")) == ("pet", {"id": "1"}, "<Tom & Jerry>")
    assert [tag.text for tag in root.iterfind("tags/tag")] == ["text"]


def test_xml_example_is_sent_verbatim() -> None:
    answer = answered({"200": of("application/xml", PET, example="<pet id='5'/>")})
    assert answer.content == b"<pet id='5'/>"


def test_xml_is_well_formed_for_every_member_name() -> None:
    schema = {"type": "object", "example": {"1 a<": "\x00\ud83c", "": None, "b": [1, [2]], "\u00b2": {"c": True}}}
    ElementTree.fromstring(answered({"200": of("text/xml", schema)}).content)


@pytest.mark.parametrize("status", ["204", "205", "304"])
def test_bodiless_status_has_no_body(status: str) -> None:
    answer = answered({status: of(JSON, PET)})
    assert (answer.content, answer.media_type) == (b"", None)


def test_declared_headers_have_values() -> None:
    headers: dict[str, Any] = {
        "Location": {"schema": {"type": "string", "format": "uri"}},
        "X-Rate-Limit": {"schema": {"type": "integer", "minimum": 5}, "example": 60},
        "X-Wrong": {"schema": {"type": "integer"}, "example": "sixty"},
        "X-List": {"schema": {"type": "array", "items": {"type": "integer"}, "example": [1, 2]}},
        "X-Pairs": {"schema": {"type": "object", "example": {"a": 1, "b": "x"}}},
        "X-Pairs-Exploded": {"explode": True, "schema": {"type": "object", "example": {"a": 1, "b": True}}},
        "X-Content": {"content": {JSON: {"schema": {"type": "object", "example": {"a": 1}}}}},
        "X-Example": {"examples": {"a": {"value": "first"}}, "schema": {"type": "string"}},
        "X-Split": {"schema": {"type": "string", "enum": ["a\r\nset-cookie: b"]}},
        "Content-Type": {"schema": {"type": "string", "enum": ["text/html"]}},
        "Content-Length": {"schema": {"type": "integer"}},
        "Transfer-Encoding": {"schema": {"type": "string", "enum": ["chunked"]}},
        "Access-Control-Allow-Origin": {"schema": {"type": "string", "enum": ["*"]}},
    }
    answer = answered({"201": {"headers": headers, **of(JSON, PET)}})
    assert dict(answer.headers) == {
        "Location": "https://example.com/",
        "X-Rate-Limit": "60",
        "X-Wrong": "1",
        "X-List": "1,2",
        "X-Pairs": "a,1,b,x",
        "X-Pairs-Exploded": "a=1,b=true",
        "X-Content": '{"a": 1}',
        "X-Example": "first",
    }
    assert answer.notes == (
        "the example of the header X-Wrong does not match its own schema, and was not sent",
        "the header X-Split was not sent, since no value of its schema fits into a header",
    )
    assert answer.media_type == JSON


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "żółw"}, "text"),
        ({"type": "string", "default": "a\nb"}, "text"),
        ({"type": "string", "enum": ["ż", "z"]}, "z"),
        ({"$ref": "#/components/schemas/Turtle"}, "text"),
    ],
)
def test_header_skips_values_that_a_header_cannot_carry(schema: Any, value: str) -> None:
    document = a_document(PET, components={"schemas": {"Turtle": {"type": "string", "example": "żółw"}}})
    document["paths"]["/thing"]["post"]["responses"]["200"]["headers"] = {"X-U": {"required": True, "schema": schema}}
    assert MockedResponses(the_thing(document)).make(Preferences()).headers == (("X-U", value),)


def test_response_has_an_accepted_media_type() -> None:
    answers = answers_of({"200": {"content": {JSON: {"schema": PET}, "application/xml": {"schema": PET}}}})
    assert answers.make(Preferences(accept="application/xml")).media_type == "application/xml"
    assert answers.make(Preferences(accept="*/*")).media_type == JSON
    with pytest.raises(
        NoMockedResponse, match=re.escape("Accept is 'image/png'; 200 has application/json or application/xml")
    ):
        answers.make(Preferences(accept="image/png"))
    assert json.loads(answers.make(Preferences()).content)["id"] == 1
