"""URL-encoded and multipart forms."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import MalformedForm
from tests.contract.builders import taking_body

POINT = {"type": "object", "properties": {"x": {"type": "integer"}, "name": {"type": "string"}}, "required": ["x"]}
FORM = "application/x-www-form-urlencoded"
FIELDS = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}},
        "at": POINT,
    },
}


@pytest.mark.parametrize(
    ("encoding", "raw", "value"),
    [
        ({}, b"name=a+b&age=5&tags=x&tags=y", {"name": "a b", "age": 5, "tags": ["x", "y"]}),
        ({}, b"name=1", {"name": "1"}),
        ({}, b"name=a&at=%7B%22x%22%3A1%7D", {"name": "a", "at": {"x": 1}}),
        ({"at": {"style": "deepObject", "explode": True}}, b"name=a&at[x]=1", {"name": "a", "at": {"x": 1}}),
        ({"tags": {"explode": False}}, b"name=a&tags=x,y", {"name": "a", "tags": ["x", "y"]}),
    ],
)
def test_form_is_read_by_its_schema_and_encoding(encoding: Any, raw: bytes, value: Any) -> None:
    body = taking_body(**{FORM: {"schema": FIELDS, "encoding": encoding}}).body(f"{FORM}; charset=utf-8")
    assert body is not None
    assert body.read(raw) == (value, ())


def test_form_violations_have_pointers() -> None:
    body = taking_body(**{FORM: {"schema": FIELDS}}).body(FORM)
    assert body is not None
    _, violations = body.read(b"age=-1&colour=red")
    assert sorted((each.pointer, each.code) for each in violations) == [
        ("", "required"),
        ("/age", "minimum"),
        ("/colour", "unknown"),
    ]
    with pytest.raises(MalformedForm):
        body.read(b"\xff")


def parts(*given: tuple[str, str, bytes]) -> bytes:
    lines = [
        b"--b\r\nContent-Disposition: form-data; name="
        + name.encode()
        + b"\r\n"
        + more.encode()
        + b"\r\n"
        + content
        + b"\r\n"
        for name, more, content in given
    ]
    return b"".join(lines) + b"--b--\r\n"


UPLOAD = {
    "type": "object",
    "required": ["file", "about"],
    "properties": {
        "file": {"type": "string", "format": "binary", "maxLength": 10},
        "about": POINT,
        "count": {"type": "integer"},
    },
}
MULTIPART = "multipart/form-data"


def test_multipart_parts_are_read() -> None:
    body = taking_body(**{MULTIPART: {"schema": UPLOAD}}).body(f"{MULTIPART}; boundary=b")
    assert body is not None
    raw = parts(("file", "", b"x"), ("about", "Content-Type: application/json\r\n", b'{"x": 1}'), ("count", "", b"5"))
    raw = raw.replace(b"name=file", b'name="file"; filename="a.bin"').replace(b"\r\nx\r\n", b"\r\n\xff\x00\r\n")
    assert body.read(raw) == ({"file": "\xff\x00", "about": {"x": 1}, "count": 5}, ())


@pytest.mark.parametrize(
    ("encoding", "raw", "codes"),
    [
        ({}, parts(("count", "", b"many")), {("", "required"), ("/count", "type")}),
        (
            {},
            parts(("file", "", b"12345678901"), ("about", "", b'{"x":"y"}')),
            {("/file", "maxLength"), ("/about/x", "type")},
        ),
        (
            {"file": {"contentType": "image/png, image/*"}},
            parts(("file", "Content-Type: text/plain\r\n", b"x")),
            {("/file", "content_type")},
        ),
    ],
)
def test_multipart_violations_are_reported(encoding: Any, raw: bytes, codes: set[tuple[str, str]]) -> None:
    body = taking_body(**{MULTIPART: {"schema": UPLOAD, "encoding": encoding}}).body(f"{MULTIPART}; boundary=b")
    assert body is not None
    assert {(each.pointer, each.code) for each in body.read(raw)[1]} == codes


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        (MULTIPART, b"--b--\r\n"),
        (f"{MULTIPART}; boundary=b", b"no parts"),
        (f"{MULTIPART}; boundary=b", b""),
        (f"{MULTIPART}; boundary=\xe9", b"--b--"),
        (f"{MULTIPART}; boundary=b", parts(*[("a", "", b"")] * 1_001)),
    ],
)
def test_malformed_multipart_body_is_refused(content_type: str, raw: bytes) -> None:
    body = taking_body(**{MULTIPART: {"schema": UPLOAD}}).body(content_type)
    assert body is not None
    with pytest.raises(MalformedForm):
        body.read(raw)


PETS = {
    "type": "object",
    "properties": {
        "pets": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}},
        "tags": {"type": "array", "items": {"type": "string"}},
        "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
    },
}
AS_JSON = "Content-Type: application/json\r\n"
TWO = [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (parts(("pets", AS_JSON, b'{"id": 1}'), ("pets", AS_JSON, b'{"id": 2}')), {"pets": TWO}),
        (parts(("pets", "", b'{"id": 1}'), ("pets", "", b'{"id": 2}')), {"pets": TWO}),
        (parts(("pets", AS_JSON, b'{"id": 1}')), {"pets": TWO[:1]}),
        (parts(("pets", AS_JSON, b'[{"id": 1}, {"id": 2}]')), {"pets": TWO}),
        (parts(("pets", "", b'[{"id": 1}]')), {"pets": TWO[:1]}),
        (parts(("tags", AS_JSON, b'["a", "b"]')), {"tags": ["a", "b"]}),
        (parts(("tags", "", b"a"), ("tags", "", b"b")), {"tags": ["a", "b"]}),
        (parts(("grid", "", b"[[1], [2]]")), {"grid": [[1], [2]]}),
        (parts(("other", AS_JSON, b"5")), {"other": 5}),
    ],
)
def test_list_of_objects_is_read_from_parts(raw: bytes, value: Any) -> None:
    body = taking_body(**{MULTIPART: {"schema": PETS}}).body(f"{MULTIPART}; boundary=b")
    assert body is not None
    assert body.read(raw) == (value, ())


@pytest.mark.parametrize(
    ("encoding", "raw", "value"),
    [
        ({"pets": {"contentType": "application/json"}}, b"pets=%5B%7B%22id%22%3A1%7D%5D", {"pets": TWO[:1]}),
        ({}, b'pets=[{"id":1},{"id":2}]', {"pets": TWO}),
        ({}, b'pets={"id":1}&pets={"id":2}', {"pets": TWO}),
        ({"tags": {"contentType": "application/json"}}, b'tags=["a"]', {"tags": ["a"]}),
        ({}, b"tags=[a", {"tags": ["[a"]}),
    ],
)
def test_list_of_objects_is_read_from_a_form(encoding: Any, raw: bytes, value: Any) -> None:
    body = taking_body(**{FORM: {"schema": PETS, "encoding": encoding}}).body(FORM)
    assert body is not None
    assert body.read(raw) == (value, ())
