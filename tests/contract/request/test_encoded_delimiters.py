"""Percent-encoded delimiters are data, in every place."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import Contract
from tests.contract.builders import a_document, operation_of, taking_body, the_thing

TEXTS = {"type": "array", "items": {"type": "string"}}
INTEGERS = {"type": "array", "items": {"type": "integer"}}
ROLE = {"type": "object", "properties": {"role": {"type": "string"}, "name": {"type": "string"}}}


@pytest.mark.parametrize(
    ("parameter", "query", "value"),
    [
        ({"schema": TEXTS}, "q=a%2Cb,c", ["a,b", "c"]),
        ({"schema": TEXTS}, "q=a%2Cb", ["a,b"]),
        ({"schema": TEXTS}, "q=a%2cb,c+d", ["a,b", "c d"]),
        ({"schema": INTEGERS}, "q=1%2C2", [1, 2]),
        ({"schema": ROLE}, "q=role,a%2Cb,name,Al", {"role": "a,b", "name": "Al"}),
        ({"schema": TEXTS, "style": "pipeDelimited"}, "q=a%7Cb|c", ["a|b", "c"]),
        ({"schema": TEXTS, "style": "pipeDelimited"}, "q=a%7Cb", ["a", "b"]),
        ({"schema": TEXTS, "style": "spaceDelimited"}, "q=a%20b+c", ["a", "b", "c"]),
        ({"schema": TEXTS, "style": "spaceDelimited"}, "q=a%2Cb%20c", ["a,b", "c"]),
        ({"schema": {"type": "string"}}, "q=a%2Cb,c", "a,b,c"),
    ],
    ids=str,
)
def test_encoded_delimiter_in_a_query_splits_nothing(parameter: dict[str, Any], query: str, value: Any) -> None:
    given = [{"name": "q", "in": "query", "explode": False, **parameter}]
    values, violations = the_thing(a_document({}, parameters=given)).parameters(query)
    assert (values, violations) == ({"q": value}, ())


@pytest.mark.parametrize(
    ("parameter", "path", "value"),
    [
        ({"schema": TEXTS}, "a%2Cb,c", ["a,b", "c"]),
        ({"schema": TEXTS, "style": "label", "explode": True}, ".a%2Eb.c", ["a.b", "c"]),
        ({"schema": TEXTS, "style": "matrix", "explode": True}, ";p=a%3Bb;p=c", ["a;b", "c"]),
        ({"schema": {"type": "string"}, "style": "matrix"}, ";p=a%3Bb", "a;b"),
        ({"schema": {"type": "string"}, "style": "label"}, ".a%2Cb", "a,b"),
        ({"schema": ROLE, "explode": True}, "role=a%3Db%2Cc,name=+", {"role": "a=b,c", "name": "+"}),
        ({"schema": ROLE}, "role,a%2Cb", {"role": "a,b"}),
        ({"schema": TEXTS}, "a%2Fb,c", ["a/b", "c"]),
    ],
    ids=str,
)
def test_encoded_delimiter_in_a_path_splits_nothing(parameter: dict[str, Any], path: str, value: Any) -> None:
    document = a_document({}, parameters=[{"name": "p", "in": "path", "required": True, **parameter}])
    document["paths"] = {"/thing/{p}": document["paths"]["/thing"]}
    operation = operation_of(Contract(document), "POST", "/thing/x")
    decoded = path.replace("%2C", ",").replace("%2E", ".").replace("%3B", ";").replace("%3D", "=")
    values, violations = operation.parameters(path=f"/thing/{decoded}", encoded_path=f"/thing/{path}")
    assert (values, violations) == ({"p": value}, ())


def test_encoded_delimiter_in_a_form_splits_nothing() -> None:
    form = "application/x-www-form-urlencoded"
    content = {"schema": {"type": "object", "properties": {"t": TEXTS}}, "encoding": {"t": {"explode": False}}}
    body = taking_body(**{form: content}).body(form)
    assert body is not None
    assert body.read(b"t=a%2Cb,c") == ({"t": ["a,b", "c"]}, ())


def test_encoded_delimiter_in_a_cookie_splits_nothing() -> None:
    given = [{"name": "c", "in": "cookie", "explode": False, "schema": TEXTS}]
    operation = the_thing(a_document({}, parameters=given))
    assert operation.parameters(headers=[(b"cookie", b"c=a%2Cb,c")])[0] == {"c": ["a,b", "c"]}


def test_spaces_around_the_items_of_a_header_are_dropped() -> None:
    given = [{"name": "X-Ids", "in": "header", "schema": INTEGERS}]
    operation = the_thing(a_document({}, parameters=given))
    assert operation.parameters(headers=[(b"x-ids", b"1, 2 ,3")]) == ({"X-Ids": [1, 2, 3]}, ())
