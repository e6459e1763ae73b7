from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract import Operation
from tests.contract.builders import a_document, the_operation, the_thing


@pytest.fixture
def checkouts() -> Operation:
    return the_operation("page", "GET", "/billing/checkouts")


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {"limit": 10, "offset": 0}),
        ("limit=5", {"limit": 5, "offset": 0}),
        ("offset=7&limit=100", {"limit": 100, "offset": 7}),
        ("limit=%31%30", {"limit": 10, "offset": 0}),
        ("&&limit=1&", {"limit": 1, "offset": 0}),
        ("page=3&Limit=4", {"limit": 10, "offset": 0}),
    ],
)
def test_query_values_are_typed_and_have_defaults(checkouts: Operation, query: str, values: dict[str, Any]) -> None:
    assert checkouts.parameters(query) == (values, ())


@pytest.mark.parametrize(
    ("query", "message", "code"),
    [
        ("limit=0", "limit is 0; at least 1 is needed", "minimum"),
        ("limit=-1", "limit is -1; at least 1 is needed", "minimum"),
        ("limit=101", "limit is 101; at most 100 is needed", "maximum"),
        ("limit=1.0", 'limit is "1.0"; an integer is needed', "type"),
        ("limit=1e1", 'limit is "1e1"; an integer is needed', "type"),
        ("limit=ten", 'limit is "ten"; an integer is needed', "type"),
        ("limit=", 'limit is ""; an integer is needed', "type"),
        ("limit", 'limit is ""; an integer is needed', "type"),
        ("limit=%2B5", 'limit is "+5"; an integer is needed', "type"),
        ("limit=+5", 'limit is " 5"; an integer is needed', "type"),
        ("limit=1_0", 'limit is "1_0"; an integer is needed', "type"),
        ("limit=%D9%A1", 'limit is "\\u0661"; an integer is needed', "type"),
        ("limit=" + "9" * 400, None, "type"),
        ("offset=-1", "offset is -1; at least 0 is needed", "minimum"),
        ("limit=1&limit=2", "limit is given 2 times; once is needed", "repeated"),
        ("limit=%FF", "the query is not UTF-8", "encoding"),
    ],
)
def test_violation_names_its_parameter(checkouts: Operation, query: str, message: str | None, code: str) -> None:
    (violation,) = checkouts.parameters(query)[1]
    assert (violation.pointer, violation.code) == ("", code)
    assert message is None or violation.message == message


def test_all_violations_of_a_query_are_reported_together(checkouts: Operation) -> None:
    assert [violation.code for violation in checkouts.parameters("offset=x&limit=0")[1]] == ["minimum", "type"]


def test_defaults_are_not_shared_between_requests(checkouts: Operation) -> None:
    checkouts.parameters("")[0]["limit"] = 99
    assert checkouts.parameters("")[0]["limit"] == 10


def a_query(**schema: Any) -> Operation:
    required = schema.pop("required", False)
    explode = schema.pop("explode", True)
    parameter = {"name": "q", "in": "query", "schema": schema, "required": required, "explode": explode}
    return the_thing(a_document({}, parameters=[parameter]))


@pytest.mark.parametrize(
    ("schema", "query", "value"),
    [
        ({"type": "number"}, "q=1.5", 1.5),
        ({"type": "number"}, "q=2", 2),
        ({"type": "number"}, "q=5e-324", 5e-324),
        ({"type": ["number", "string"]}, "q=1e999", "1e999"),
        ({"type": "boolean"}, "q=true", True),
        ({"type": "string"}, "q=true", "true"),
        ({"type": "string"}, "q=%E2%82%AC+5", "\N{EURO SIGN} 5"),
        ({"type": "array", "items": {"type": "integer"}}, "q=1&q=2", [1, 2]),
        ({"type": "array", "items": {"type": "integer"}, "explode": False}, "q=1,2", [1, 2]),
    ],
)
def test_plain_types_are_read(schema: dict[str, Any], query: str, value: Any) -> None:
    assert a_query(**schema).parameters(query) == ({"q": value}, ())


def test_missing_required_parameter_is_a_violation() -> None:
    (violation,) = a_query(type="string", required=True).parameters("")[1]
    assert violation.message == "q is missing; it is required"


def test_item_of_the_wrong_type_is_a_violation() -> None:
    (violation,) = a_query(type="array", items={"type": "integer"}).parameters("q=1&q=x")[1]
    assert violation.code == "type"


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_default_does_not_replace_a_required_parameter(place: str) -> None:
    schema = {"type": "string", "default": "1.0"}
    parameter = {"name": "api-version", "in": place, "required": True, "schema": schema}
    assert [each.code for each in the_thing(a_document({}, parameters=[parameter])).parameters("")[1]] == ["required"]
    parameter["required"] = False
    assert the_thing(a_document({}, parameters=[parameter])).parameters("") == ({"api-version": "1.0"}, ())


def test_operation_parameter_replaces_the_paths_parameter() -> None:
    document = a_document({}, parameters=[{"name": "q", "in": "query", "schema": {"type": "integer", "default": 1}}])
    document["paths"]["/thing"]["parameters"] = [{"name": "q", "in": "query", "schema": {"type": "string"}}]
    assert the_thing(document).parameters("")[0] == {"q": 1}
