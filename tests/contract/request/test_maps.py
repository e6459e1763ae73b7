"""Objects whose members have no declared names: maps, free-form objects and patterns, in every place."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import Contract, Operation
from tests.contract.builders import a_document, operation_of, taking_body, the_thing

INTEGERS = {"type": "object", "additionalProperties": {"type": "integer"}}
PET = {"required": ["id"], "properties": {"id": {"type": "integer"}}}
OTHER = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def taking(*more: dict[str, Any], components: Any = None, **parameter: Any) -> Operation:
    """An operation with the query parameter `q` and more."""
    given = [{"name": "q", "in": "query", **parameter}, *more]
    return the_thing(a_document({}, version="3.1.0", parameters=given, components=components))


@pytest.mark.parametrize(
    ("schema", "query", "value"),
    [
        (INTEGERS, "a=1&b=2", {"a": 1, "b": 2}),
        ({"type": "object"}, "a=x&a=y", {"a": ["x", "y"]}),
        ({**PET, "type": ["object", "null"]}, "id=1", {"id": 1}),
        ({"anyOf": [{**PET, "type": "object"}, {"type": "null"}]}, "id=1", {"id": 1}),
        (PET, "id=1", {"id": 1}),
        ({"allOf": [PET, {"properties": {"name": {"type": "string"}}}]}, "id=1&name=2", {"id": 1, "name": "2"}),
        ({"type": "object", "patternProperties": {"^x_": {"type": "integer"}}}, "x_a=1", {"x_a": 1}),
        ({**PET, "type": "object", "additionalProperties": {"type": "boolean"}}, "id=1&b=true", {"id": 1, "b": True}),
        ({**PET, "type": "object", "additionalProperties": False}, "id=1&other=1", {"id": 1}),
        ({**PET, "type": "object"}, "id=1&other=1", {"id": 1}),
    ],
    ids=str,
)
def test_exploded_object_takes_the_pairs_that_nothing_else_claims(schema: Any, query: str, value: Any) -> None:
    operation = taking(OTHER, schema=schema, required=True)
    assert operation.parameters(f"{query}&limit=5&__code=200") == ({"q": value, "limit": 5}, ())


def test_members_of_an_optional_exploded_object_are_validated() -> None:
    operation = taking(OTHER, schema=INTEGERS)
    assert operation.parameters("limit=5") == ({"limit": 5}, ())
    (violation,) = operation.parameters("a=x&limit=5")[1]
    assert violation.message == 'q.a is "x"; an integer is needed'


def test_api_key_in_the_query_is_no_member() -> None:
    schemes = {"securitySchemes": {"own": {"type": "apiKey", "in": "query", "name": "key"}}}
    operation = taking(schema=INTEGERS, components=schemes)
    assert operation.parameters("key=abc&a=1") == ({"q": {"a": 1}}, ())


def test_two_objects_share_the_query_by_their_properties() -> None:
    size = {"name": "size", "in": "query", "schema": {"properties": {"width": {"type": "integer"}}}}
    operation = taking(size, schema=INTEGERS)
    assert operation.parameters("width=1&a=2")[0] == {"q": {"a": 2}, "size": {"width": 1}}


DEEP = {"style": "deepObject"}
MAP_OF = {
    "booleans": {"type": "object", "additionalProperties": {"type": "boolean"}},
    "lists": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "ranges": {
        "type": "object",
        "additionalProperties": {"type": "object", "properties": {"gte": {"type": "integer"}}},
    },
    "maps": {"type": "object", "additionalProperties": INTEGERS},
    "patterns": {"type": "object", "patternProperties": {"^n": {"type": "number"}}},
}


@pytest.mark.parametrize(
    ("parameter", "query", "value"),
    [
        ({**DEEP, "schema": INTEGERS}, "q[x]=1", {"x": 1}),
        ({**DEEP, "schema": MAP_OF["booleans"]}, "q[x]=true", {"x": True}),
        ({**DEEP, "schema": MAP_OF["lists"]}, "q[x]=a", {"x": ["a"]}),
        ({**DEEP, "schema": MAP_OF["ranges"]}, "q[price][gte]=5", {"price": {"gte": 5}}),
        ({**DEEP, "schema": MAP_OF["maps"]}, "q[a][b]=5", {"a": {"b": 5}}),
        ({**DEEP, "schema": MAP_OF["patterns"]}, "q[n1]=1.5&q[other]=1", {"n1": 1.5, "other": "1"}),
        ({"explode": False, "schema": INTEGERS}, "q=x,1,y,2", {"x": 1, "y": 2}),
        ({"explode": False, "style": "pipeDelimited", "schema": INTEGERS}, "q=x|1|y|2", {"x": 1, "y": 2}),
    ],
    ids=str,
)
def test_values_of_a_map_are_cast_in_a_query(parameter: dict[str, Any], query: str, value: Any) -> None:
    assert taking(**parameter).parameters(query) == ({"q": value}, ())


def test_values_of_a_map_are_cast_in_headers_and_paths() -> None:
    header = {"name": "X-M", "in": "header", "schema": INTEGERS}
    path = {"name": "m", "in": "path", "required": True, "schema": INTEGERS}
    document = a_document({}, parameters=[header, path])
    document["paths"] = {"/thing/{m}": document["paths"]["/thing"]}
    operation = operation_of(Contract(document), "POST", "/thing/x")
    values, violations = operation.parameters(path="/thing/a,1", headers=[(b"x-m", b"a, 1, b, 2")])
    assert (values, violations) == ({"X-M": {"a": 1, "b": 2}, "m": {"a": 1}}, ())


@pytest.mark.parametrize("schema", [INTEGERS, {"patternProperties": {"^[ab]$": {"type": "integer"}}}])
def test_values_of_a_map_are_cast_in_forms(schema: dict[str, Any]) -> None:
    content = {FORM: {"schema": schema}, MULTIPART: {"schema": schema}}
    operation = taking_body(**content)
    form, multipart = operation.body(FORM), operation.body(f"{MULTIPART}; boundary=x")
    assert form is not None
    assert multipart is not None
    assert form.read(b"a=1&b=2") == ({"a": 1, "b": 2}, ())
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
    assert multipart.read(part) == ({"a": 1}, ())
    assert [each.pointer for each in form.read(b"a=x")[1]] == ["/a"]
