"""Bodies of mocked responses, by media type."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest

from tests.contract.mocking.builders import JSON, PET, answered, of


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


def test_scalar_parts_of_a_multipart_body_are_plain_text() -> None:
    schema = {"type": "object", "example": {"a": 1, "b": [True, {"c": 1}], "d": "x"}}
    content = answered({"200": of("multipart/form-data", schema)}).content.decode()
    kinds = [line.partition(": ")[2] for line in content.splitlines() if line.startswith("Content-Type")]
    assert kinds == ["text/plain", "text/plain", "application/json", "text/plain"]


@pytest.mark.parametrize(
    ("example", "text"),
    [
        ([{"a": 1, "b": "x,y"}, {"b": None, "c": {"d": 1}}], 'a,b,c\r\n1,"x,y",\r\n,,"{""d"":1}"\r\n'),
        ([["a", 1], ["b", True]], "a,1\r\nb,true\r\n"),
        ([1, "a"], "1\r\na\r\n"),
        ("a,b\n1,2\n", "a,b\n1,2\n"),
    ],
)
def test_rows_of_csv_are_lines(example: Any, text: str) -> None:
    assert answered({"200": of("text/csv", {"example": example})}).content.decode() == text
