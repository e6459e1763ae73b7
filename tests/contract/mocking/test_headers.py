"""Headers of mocked responses."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.responses import MockedResponses
from tests.contract.builders import a_document, the_thing
from tests.contract.mocking.builders import JSON, PET, answered, of


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


@pytest.mark.parametrize(
    ("name", "schema", "value"),
    [
        ("ETag", {"type": "string"}, '"text"'),
        ("Last-Modified", {"type": "string"}, "Tue, 01 Jan 2030 00:00:00 GMT"),
        ("location", {"type": "string"}, "https://example.com/"),
        ("Location", {"type": "string", "pattern": "^/things/8$"}, "/things/8"),
        ("Retry-After", {"type": "integer", "minimum": 5}, "5"),
        ("ETag", {"type": "string", "example": "W/1"}, "W/1"),
        ("Cache-Control", {"type": "string", "enum": ["no-store"]}, "no-store"),
    ],
)
def test_standard_header_has_its_form_if_its_schema_allows(name: str, schema: dict[str, Any], value: str) -> None:
    answer = answered({"200": {"headers": {name: {"schema": schema}}, **of(JSON, PET)}})
    assert answer.headers == ((name, value),)
