"""Parameters of every place and style."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import Contract, Operation
from tests.contract.builders import a_document, operation_of, the_thing

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
        ({"schema": NUMBERS, "style": "pipeDelimited", "explode": True}, "q=1&q=2", [1, 2]),
        ({"schema": NUMBERS, "style": "pipeDelimited", "explode": True}, "q=1|2", [1, 2]),
        ({"schema": NUMBERS, "style": "spaceDelimited", "explode": True}, "q=1&q=2&q=3", [1, 2, 3]),
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
        ({"content": {"text/plain": {"schema": {"type": "integer"}}}}, "q=5", 5),
        ({"content": {"text/plain": {"schema": {"type": "string"}}}}, "q=5", "5"),
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
def test_query_is_read_in_its_style(parameter: dict[str, Any], query: str, value: Any) -> None:
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
def test_query_violations_are_reported(parameter: dict[str, Any], query: str, codes: list[str]) -> None:
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
def test_path_is_read_in_its_style(style: str, explode: bool, schema: Any, text: str, value: Any) -> None:
    operation = with_path(style, explode=explode, schema=schema)
    assert operation.parameters(path=f"/things/{text}/x") == ({"v": value}, ())


@pytest.mark.parametrize(
    ("style", "text", "message"),
    [
        ("label", "5", 'v is "5"; a value that begins with . is needed'),
        ("matrix", "5", 'v is "5"; a value that begins with ; is needed'),
    ],
)
def test_path_without_the_prefix_of_its_style_is_refused(style: str, text: str, message: str) -> None:
    operation = with_path(style, explode=False, schema={"type": "integer"})
    (violation,) = operation.parameters(path=f"/things/{text}/x")[1]
    assert (violation.message, violation.code) == (message, "style")


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
