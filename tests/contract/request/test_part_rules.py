"""The parts of a multipart body: headers, lengths, text and JSON."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import MalformedForm
from mockserver.contract.request.body import Body
from tests.contract.builders import taking_body

MULTIPART = "multipart/form-data"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "minLength": 2, "maxLength": 4},
        "files": {"type": "array", "items": {"type": "string", "format": "binary", "maxLength": 4}},
        "name": {"type": "string"},
        "raw": {"type": "string", "format": "binary"},
        "any": {},
        "config": {"type": "string", "contentMediaType": "application/json"},
        "names": {"type": "array", "items": {"type": "string"}},
    },
}
ENCODING: dict[str, Any] = {
    "name": {
        "headers": {
            "X-Sum": {"required": True, "schema": {"type": "integer"}},
            "Content-Type": {"required": True, "schema": {"const": "never"}},
            "X-More": {"content": {"application/json": {"schema": {"type": "object"}}}},
        }
    }
}


def a_body(encoding: dict[str, Any] | None = None) -> Body:
    content = {MULTIPART: {"schema": SCHEMA, "encoding": encoding or {}}}
    body = taking_body(**content).body(f"{MULTIPART}; boundary=b")
    assert body is not None
    return body


def a_part(head: str, content: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + content + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("headers", "messages"),
    [
        ("X-Sum: 1", []),
        ('X-Sum: 1\r\nX-More: {"a": 1}', []),
        ("x-sum: 1", []),
        ("X-Other: 1", ["the header X-Sum of the part name is missing; it is required"]),
        ("X-Sum: a", ['the header X-Sum of the part name is "a"; an integer is needed']),
        ("X-Sum: 1\r\nX-More: []", ["the header X-More of the part name is an empty array; an object is needed"]),
        (
            "X-Sum: 1\r\nX-More: {",
            [
                "the header X-More of the part name is not JSON: expecting property name enclosed in double quotes at "
                "line 1, column 2"
            ],
        ),
    ],
)
def test_header_of_a_part_is_validated(headers: str, messages: list[str]) -> None:
    _, violations = a_body(ENCODING).read(a_part(f"name=name\r\n{headers}", b"x"))
    assert [each.message for each in violations] == messages
    assert {each.pointer for each in violations} <= {"/name"}


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        ("file", b"\xff" * 4, []),
        ("file", b"\xff" * 5, ["file has a length of 5 bytes; at most 4 are allowed"]),
        ("file", b"\xff", ["file has a length of 1 byte; at least 2 are needed"]),
        ("files", b"\xff" * 5, ["files has a length of 5 bytes; at most 4 are allowed"]),
    ],
)
def test_length_of_a_file_counts_bytes(name: str, content: bytes, messages: list[str]) -> None:
    _, violations = a_body().read(a_part(f"name={name}; filename=a", content))
    assert [each.message for each in violations] == messages


@pytest.mark.parametrize(
    ("head", "content", "value"),
    [
        ("name=name\r\nContent-Type: text/plain; charset=iso-8859-1", b"\xe9", {"name": "\xe9"}),
        ("name=raw", b"\xff", {"raw": "\xff"}),
        ("name=any", b"\xff", {"any": "\xff"}),
        ("name=name\r\nContent-Type: image/png", b"\xff", {"name": "\xff"}),
        ("name=config\r\nContent-Type: application/json", b'{"a":1}', {"config": '{"a":1}'}),
        ("name=config\r\nContent-Type: application/json", b'"a"', {"config": "a"}),
        ("name=names\r\nContent-Type: application/json", b'["a","b"]', {"names": ["a", "b"]}),
    ],
)
def test_part_is_read_as_its_schema_has_it(head: str, content: bytes, value: dict[str, Any]) -> None:
    assert a_body().read(a_part(head, content)) == (value, ())


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=none"])
def test_part_that_is_no_text_is_refused(charset: str) -> None:
    _, (violation,) = a_body().read(a_part(f"name=name\r\nContent-Type: text/plain{charset}", b"\xff"))
    assert (violation.pointer, violation.code) == ("/name", "encoding")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"--c\r\n\r\n--c--\r\n", "the boundary 'b' of the Content-Type is not in it"),
        (b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "its last boundary is missing"),
        (b"--b\r\nX-Y: z\r\n\r\nx\r\n--b--\r\n", "a part has no Content-Disposition"),
        (a_part("filename=a", b"x"), "a part of the body has no name"),
    ],
)
def test_malformed_parts_are_refused_in_words_of_the_format(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedForm) as refused:
        a_body().read(raw)
    assert reason in refused.value.message
