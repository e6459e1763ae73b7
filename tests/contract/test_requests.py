"""Parameters of every place and style, bodies of every media type: what is read, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import InvalidJson, NotAForm, Operation

from .builders import a_document, the_thing

NUMBERS = {"type": "array", "items": {"type": "integer"}}
POINT = {"type": "object", "properties": {"x": {"type": "integer"}, "name": {"type": "string"}}, "required": ["x"]}


def taking(**parameter: Any) -> Operation:
    """An operation with one query parameter `q`."""
    return the_thing(a_document({}, version="3.1.0", parameters=[{"name": "q", "in": "query", **parameter}]))


@pytest.mark.parametrize(
    ("parameter", "query", "value"),
    [
        ({"schema": NUMBERS}, "q=1&q=2", [1, 2]),
        ({"schema": NUMBERS, "explode": False}, "q=1,2", [1, 2]),
        ({"schema": NUMBERS, "style": "spaceDelimited", "explode": False}, "q=1%202", [1, 2]),
        ({"schema": NUMBERS, "style": "pipeDelimited", "explode": False}, "q=1|2", [1, 2]),
        ({"schema": POINT}, "x=1&name=a", {"x": 1, "name": "a"}),
        ({"schema": POINT, "explode": False}, "q=x,1,name,a", {"x": 1, "name": "a"}),
        ({"schema": POINT, "style": "deepObject"}, "q[x]=1&q%5Bname%5D=a", {"x": 1, "name": "a"}),
        (
            {"schema": {"type": "object", "properties": {"p": POINT}}, "style": "deepObject"},
            "q[p][x]=1",
            {"p": {"x": 1}},
        ),
        (
            {"schema": {"type": "object", "properties": {"l": NUMBERS}}, "style": "deepObject"},
            "q[l][]=1&q[l][]=2",
            {"l": [1, 2]},
        ),
        (
            {"schema": {"type": "object", "properties": {"l": NUMBERS}}, "style": "deepObject"},
            "q[l][0]=1&q[l][1]=2",
            {"l": [1, 2]},
        ),
        ({"content": {"application/json": {"schema": POINT}}}, "q=%7B%22x%22:1%7D", {"x": 1}),
        ({"schema": {"type": "string"}, "allowReserved": True}, "q=/a?b:c", "/a?b:c"),
        ({"schema": {"type": "integer"}, "allowEmptyValue": True}, "q=", ""),
        ({"schema": {"oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^a"}]}}, "q=5", 5),
        ({"schema": {"oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^a"}]}}, "q=a5", "a5"),
        ({"schema": {"oneOf": [{"type": "string"}, NUMBERS]}}, "q=1&q=2", [1, 2]),
        ({"schema": {"type": ["integer", "null"]}}, "q=", None),
        ({"schema": {"enum": [1, 2]}}, "q=2", 2),
        ({"schema": {"allOf": [{"type": "integer"}, {"minimum": 1}]}}, "q=2", 2),
        ({"schema": {}}, "q=true", True),
        ({"schema": {"type": "integer", "default": 7}}, "", 7),
    ],
)
def test_a_query_is_read_in_its_style(parameter: dict[str, Any], query: str, value: Any) -> None:
    assert taking(**parameter).parameters(query) == ({"q": value}, ())


@pytest.mark.parametrize(
    ("parameter", "query", "codes"),
    [
        ({"schema": NUMBERS}, "q=1&q=x", ["type"]),
        ({"schema": POINT, "style": "deepObject"}, "q[name]=a", ["required"]),
        ({"schema": POINT, "style": "deepObject", "required": True}, "q=1", ["type"]),
        ({"schema": POINT, "style": "deepObject", "required": True}, "", ["required"]),
        ({"content": {"application/json": {"schema": POINT}}}, "q=%7B", ["invalid_json"]),
        ({"content": {"application/json": {"schema": POINT}}}, "q=%7B%7D", ["required"]),
        ({"schema": {"type": "integer"}, "allowEmptyValue": False}, "q=", ["type"]),
        ({"schema": {"type": "string"}}, "q=a&q=b", ["repeated"]),
        ({"schema": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]}}, "q=x", ["oneOf"]),
    ],
)
def test_what_is_wrong_in_a_query_is_told(parameter: dict[str, Any], query: str, codes: list[str]) -> None:
    _, violations = taking(**parameter).parameters(query)
    assert [violation.code for violation in violations] == codes
    assert all("q" in violation.message for violation in violations)


def with_path(style: str, *, explode: bool, schema: Any) -> Operation:
    document = a_document(
        {},
        parameters=[
            {"name": "v", "in": "path", "required": True, "style": style, "explode": explode, "schema": schema}
        ],
    )
    document["paths"] = {"/things/{v}/x": document["paths"]["/thing"]}
    from mockserver.contract import Contract

    from .builders import operation_of

    return operation_of(Contract(document), "POST", "/things/5/x")


@pytest.mark.parametrize(
    ("style", "explode", "schema", "text", "value"),
    [
        ("simple", False, {"type": "integer"}, "5", 5),
        ("simple", False, NUMBERS, "3,4,5", [3, 4, 5]),
        ("simple", False, POINT, "x,1,name,a", {"x": 1, "name": "a"}),
        ("simple", True, POINT, "x=1,name=a", {"x": 1, "name": "a"}),
        ("label", False, {"type": "integer"}, ".5", 5),
        ("label", False, NUMBERS, ".3,4", [3, 4]),
        ("label", True, NUMBERS, ".3.4", [3, 4]),
        ("label", True, POINT, ".x=1.name=a", {"x": 1, "name": "a"}),
        ("matrix", False, {"type": "integer"}, ";v=5", 5),
        ("matrix", False, NUMBERS, ";v=3,4", [3, 4]),
        ("matrix", True, NUMBERS, ";v=3;v=4", [3, 4]),
        ("matrix", False, POINT, ";v=x,1,name,a", {"x": 1, "name": "a"}),
        ("matrix", True, POINT, ";x=1;name=a", {"x": 1, "name": "a"}),
        ("simple", False, {"type": "string"}, "a%2Fb", "a/b"),
    ],
)
def test_a_path_is_read_in_its_style(style: str, explode: bool, schema: Any, text: str, value: Any) -> None:
    operation = with_path(style, explode=explode, schema=schema)
    assert operation.parameters(path=f"/things/{text}/x") == ({"v": value}, ())


def test_headers_and_cookies_are_read_and_named() -> None:
    parameters = [
        {"name": "X-Count", "in": "header", "schema": {"type": "integer", "minimum": 1}},
        {"name": "X-List", "in": "header", "schema": NUMBERS},
        {"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "crumb", "in": "cookie", "required": True, "schema": {"type": "integer"}},
    ]
    operation = the_thing(a_document({}, parameters=parameters))
    headers = [(b"x-count", b"3"), (b"x-list", b"1"), (b"x-list", b"2"), (b"cookie", b"a=b; crumb=%35")]
    assert operation.parameters(headers=headers) == ({"X-Count": 3, "X-List": [1, 2], "crumb": 5}, ())
    _, violations = operation.parameters(headers=[(b"x-count", b"0")])
    assert [violation.message for violation in violations] == [
        "the header X-Count is 0; at least 1 is needed",
        "the cookie crumb is missing; it is required",
    ]


def of_body(**content: Any) -> Operation:
    return the_thing(a_document({}, version="3.1.0", requestBody={"content": content}))


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
def test_a_form_is_read_as_its_schema_and_encoding_have_it(encoding: Any, raw: bytes, value: Any) -> None:
    body = of_body(**{FORM: {"schema": FIELDS, "encoding": encoding}}).body(f"{FORM}; charset=utf-8")
    assert body is not None
    assert body.read(raw) == (value, ())


def test_every_fault_of_a_form_is_told_with_its_pointer() -> None:
    body = of_body(**{FORM: {"schema": FIELDS}}).body(FORM)
    assert body is not None
    _, violations = body.read(b"age=-1&colour=red")
    assert sorted((each.pointer, each.code) for each in violations) == [
        ("", "required"),
        ("/age", "minimum"),
        ("/colour", "unknown"),
    ]
    with pytest.raises(NotAForm):
        body.read(b"\xff")


def parts(*told: tuple[str, str, bytes]) -> bytes:
    lines = [
        b"--b\r\nContent-Disposition: form-data; name="
        + name.encode()
        + b"\r\n"
        + more.encode()
        + b"\r\n"
        + content
        + b"\r\n"
        for name, more, content in told
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


def test_the_parts_of_a_body_are_read() -> None:
    body = of_body(**{MULTIPART: {"schema": UPLOAD}}).body(f"{MULTIPART}; boundary=b")
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
def test_every_fault_of_the_parts_is_told(encoding: Any, raw: bytes, codes: set[tuple[str, str]]) -> None:
    body = of_body(**{MULTIPART: {"schema": UPLOAD, "encoding": encoding}}).body(f"{MULTIPART}; boundary=b")
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
def test_what_has_no_parts_is_refused(content_type: str, raw: bytes) -> None:
    body = of_body(**{MULTIPART: {"schema": UPLOAD}}).body(content_type)
    assert body is not None
    with pytest.raises(NotAForm):
        body.read(raw)


@pytest.mark.parametrize(
    ("declared", "content_type", "raw", "value"),
    [
        ("application/merge-patch+json", "application/merge-patch+json", b"[1]", [1]),
        ("application/json; charset=utf-8", "Application/JSON", b"1", 1),
        ("*/*", "application/json", b"1", 1),
        ("*/*", "image/png", b"\x89", "\x89"),
        ("text/*", "text/plain; charset=latin-1", b"\xe9", "\u00e9"),
        ("application/octet-stream", "application/octet-stream", b"\xff", "\xff"),
        ("application/xml", "application/xml", b"<a/>", "<a/>"),
    ],
)
def test_each_media_type_is_read_in_its_way(declared: str, content_type: str, raw: bytes, value: Any) -> None:
    body = of_body(**{declared: {}}).body(content_type)
    assert body is not None
    assert body.read(raw) == (value, ())


def test_what_is_not_declared_is_not_taken() -> None:
    operation = of_body(**{"application/json": {}, "image/*": {}})
    for content_type in ("text/plain", "application/xml", "application/json; charset=utf-16", "", None, "json"):
        assert operation.body(content_type) is None
    for number in range(200):  # nor does it keep what strangers make up
        operation.body(f"image/{number}")
    assert len(operation._bodies) < 100


def test_each_media_type_has_the_schema_that_is_its_own() -> None:
    operation = of_body(
        **{
            "application/json": {"schema": {"type": "integer"}},
            "application/a+json": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"maxLength": 2}},
        }
    )
    plain, special, text = (operation.body(each) for each in ("application/json", "application/a+json", "text/plain"))
    assert plain is not None
    assert special is not None
    assert text is not None
    assert [plain.read(b"1")[1], special.read(b'"a"')[1], text.read(b"ab")[1]] == [(), (), ()]
    assert [plain.read(b'"a"')[1][0].code, special.read(b"1")[1][0].code, text.read(b"abc")[1][0].code] == [
        "type",
        "type",
        "maxLength",
    ]
    with pytest.raises(InvalidJson):
        special.read(b"{")
    assert text.read(b"\xff")[1][0].code == "encoding"
