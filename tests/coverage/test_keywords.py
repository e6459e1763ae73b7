"""Each keyword of a schema has a goal for values that keep it, and one for values that break it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.coverage.counted import a_contract, an_exchange, counted, goals, reached, reached_by

AMOUNT = {"type": "object", "properties": {"amount": {"type": "number", "minimum": 1}}}

KEYWORDS: list[tuple[dict[str, Any], Any, Any]] = [
    ({"type": "integer"}, 5, "5"),
    ({"enum": [1, 2]}, 1, 3),
    ({"multipleOf": 2}, 4, 5),
    ({"minimum": 2}, 2, 1),
    ({"maximum": 2}, 2, 3),
    ({"pattern": "^a"}, "ab", "b"),
    ({"format": "date"}, "2030-01-01", "soon"),
    ({"minLength": 2}, "ab", "a"),
    ({"maxLength": 2}, "ab", "abc"),
    ({"minItems": 1}, [1], []),
    ({"maxItems": 1}, [1], [1, 2]),
    ({"uniqueItems": True}, [1, 2], [1, 1]),
    ({"minProperties": 1}, {"a": 1}, {}),
    ({"maxProperties": 1}, {"a": 1}, {"a": 1, "b": 2}),
    ({"not": {"type": "string"}}, 1, "a"),
    ({"additionalProperties": False}, {}, {"a": 1}),
    ({"required": ["a"]}, {"a": 1}, {}),
]
KEYWORDS_31: list[tuple[dict[str, Any], Any, Any]] = [
    ({"const": 1}, 1, 2),
    ({"exclusiveMinimum": 2}, 3, 2),
    ({"exclusiveMaximum": 2}, 1, 2),
    ({"contains": {"type": "string"}}, ["a"], [1]),
    ({"propertyNames": {"maxLength": 1}}, {"a": 1}, {"ab": 1}),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": 2}, {"a": 1}),
    ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1, "b": 2}, {"a": 1}),
]
CASES = [("3.0.3", *case) for case in KEYWORDS] + [("3.1.0", *case) for case in (*KEYWORDS, *KEYWORDS_31)]


def _id(value: object) -> str:
    return "-".join(value) if isinstance(value, dict) else str(value) if isinstance(value, str) else ""


@pytest.mark.parametrize(("openapi", "schema", "right", "wrong"), CASES, ids=_id)
def test_right_value_reaches_valid_and_wrong_value_invalid(openapi: str, schema: Any, right: Any, wrong: Any) -> None:
    [keyword] = schema
    of_keyword = [goal for goal in goals(a_contract(schema, openapi=openapi)) if "the value" not in goal]
    assert sorted(goal.rpartition(" (")[2] for goal in of_keyword) == ["invalid)", "valid)"], keyword
    valid, invalid = sorted(of_keyword, key=lambda goal: "(invalid)" in goal)
    assert valid in reached_by(schema, right, openapi=openapi)
    assert invalid not in reached_by(schema, right, openapi=openapi)
    assert reached_by(schema, wrong, openapi=openapi) == {invalid}


def test_keyword_names_the_member_and_the_limit() -> None:
    assert reached_by(AMOUNT, {"amount": 0}) == {
        "the whole value: type object (valid)",
        "amount: type number (valid)",
        "amount: minimum 1 (invalid)",
    }


def test_value_of_another_type_neither_keeps_nor_breaks_a_limit() -> None:
    assert reached_by({"minimum": 1}, "text", True) == set()


def test_each_value_of_an_enum_is_a_goal() -> None:
    schema = {"enum": ["payment", "subscription"]}
    assert 'the whole value: the value "payment" (valid)' in reached_by(schema, "payment")
    assert 'the whole value: the value "subscription" (valid)' not in reached_by(schema, "payment")


def test_each_required_member_is_a_goal() -> None:
    schema = {"required": ["a", "b"]}
    assert reached_by(schema, {"a": 1}) == {"a: required (valid)", "b: required (invalid)"}


def test_read_only_member_is_no_goal_of_a_request() -> None:
    schema = {"required": ["id"], "properties": {"id": {"type": "string", "readOnly": True}}}
    assert goals(a_contract(schema)) == set()


def test_taken_alternative_counts_and_the_other_does_not() -> None:
    schema = {"anyOf": [{"required": ["amount"]}, {"title": "plan", "required": ["plan_id"]}]}
    found = reached_by(schema, {"plan_id": "basic"})
    assert "the whole value: anyOf, number 2 (plan) (valid)" in found
    assert "plan_id: required, in anyOf 2 (valid)" in found
    assert not any("amount" in goal for goal in found)


def test_value_that_fits_no_alternative_breaks_those_of_each() -> None:
    schema = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert {"a: required, in oneOf 1 (invalid)", "b: required, in oneOf 2 (invalid)"} < reached_by(schema, {})


def test_members_that_share_a_schema_have_goals_of_their_own() -> None:
    schema = {"properties": {name: {"$ref": "#/components/schemas/Url"} for name in ("success", "cancel")}}
    found = reached_by(schema, {"success": "http://a"}, Url={"pattern": "^http"})
    assert found == {"success: pattern ^http (valid)"}


def test_schema_inside_of_itself_is_planned_once() -> None:
    tree = {"properties": {"name": {"maxLength": 3}, "child": {"$ref": "#/components/schemas/Tree"}}}
    contract = a_contract({"$ref": "#/components/schemas/Tree"}, Tree=tree)
    assert {goal.partition(":")[0] for goal in goals(contract)} == {"name"}
    assert reached(counted(contract, an_exchange({"name": "ab", "child": {"name": "abcd"}}))) == {
        "name: maxLength 3 (valid)"
    }


def test_items_additional_members_and_patterns_are_looked_into() -> None:
    schema = {
        "properties": {"list": {"items": {"minimum": 1}}},
        "additionalProperties": {"type": "string"},
    }
    found = reached_by(schema, {"list": [0, 1], "other": 5})
    assert found == {"list[]: minimum 1 (valid)", "list[]: minimum 1 (invalid)", "*: type string (invalid)"}


def test_prefix_items_and_conditions_of_the_newer_dialect_are_looked_into() -> None:
    schema = {
        "prefixItems": [{"type": "string"}],
        "items": {"type": "number"},
        "if": {"maxItems": 1},
        "then": {"minItems": 1},
        "else": {"uniqueItems": True},
    }
    found = reached_by(schema, ["a", "b"], openapi="3.1.0")
    assert "[0]: type string (valid)" in found
    assert "[]: type number (invalid)" in found
    assert "the whole value: uniqueItems true (valid)" in found
    assert not any("minItems" in goal for goal in found)


def test_null_keeps_a_nullable_composition() -> None:
    schema = {"properties": {"plan": {"nullable": True, "allOf": [{"type": "object"}]}}}
    assert reached_by(schema, {"plan": None}) == set()
    assert reached_by(schema, {"plan": 5}) == {"plan: type object (invalid)"}


def test_goals_of_an_endless_schema_are_bounded() -> None:
    level: dict[str, Any] = {"type": "string"}
    for _ in range(12):
        level = {"properties": dict.fromkeys("abc", level)}
    assert len(goals(a_contract(level))) <= 2_002
