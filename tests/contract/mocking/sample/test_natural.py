"""Values that people know, by the name of a member or by its pattern."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.mocking.sample import sample_valid

DOCUMENT: dict[str, Any] = {"openapi": "3.1.0"}
TEXT = {"type": "string"}
BY_NAME: list[tuple[str, dict[str, Any], Any]] = [
    ("email_address", TEXT, "somebody@example.com"),
    ("userEmail", TEXT, "somebody@example.com"),
    ("first_name", TEXT, "Ada"),
    ("lastName", TEXT, "Lovelace"),
    ("country_code", TEXT, "US"),
    ("country", {"type": "string", "minLength": 3, "maxLength": 3}, "USA"),
    ("currency", {"type": "string", "minLength": 3, "maxLength": 3}, "USD"),
    ("currency", {"type": "string", "pattern": "^[a-z]{3}$"}, "usd"),
    ("created_at", TEXT, "2030-01-01T00:00:00.000Z"),
    ("updatedAt", {"type": "integer"}, 1_893_456_000),
    ("birth_date", TEXT, "2030-01-01"),
    ("avatar_url", TEXT, "https://example.com/"),
    ("imageURL", TEXT, "https://example.com/"),
    ("id", TEXT, "id-1"),
    ("video_id", TEXT, "id-1"),
    ("id", {"type": "integer"}, 1),
    ("latitude", {"type": "number"}, 51.5074),
    ("latitude", {"type": "number", "minimum": 60}, 60),
    ("emails", {"type": "array", "items": {"type": "string", "format": "email"}}, ["somebody@example.com"]),
    ("name", TEXT, "text"),
    ("that", TEXT, "text"),
    ("format", TEXT, "text"),
    ("status", TEXT, "text"),
]
BY_PATTERN = {
    "^[A-Z]{2}$": "US",
    "^[A-Z]{3}$": "USD",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "2030-01-01",
    "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$": "2030-01-01T00:00:00.000Z",
    "^-?[0-9]+\\.[0-9]{2}$": "12.34",
    "^[a-z]{2}-[A-Z]{2}$": "en-US",
    "^[a-z]+$": "text",
    "^https://": "https://example.com/",
    "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$": "00000000-0000-4000-8000-000000000000",
}


@pytest.mark.parametrize(("name", "schema", "value"), BY_NAME)
def test_member_has_the_value_that_its_name_asks_for(name: str, schema: dict[str, Any], value: Any) -> None:
    whole = {"type": "object", "required": [name], "properties": {name: schema}}
    assert sample_valid(whole, DOCUMENT) == {name: value}


@pytest.mark.parametrize("pattern", BY_PATTERN)
def test_known_text_comes_before_a_pattern_is_spelled_out(pattern: str) -> None:
    assert sample_valid({"type": "string", "pattern": pattern}, DOCUMENT) == BY_PATTERN[pattern]


def test_value_is_found_in_the_other_branch_of_a_part() -> None:
    closed = {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False}
    parts = [{"oneOf": [{"type": "null"}, closed]}, {"type": "object", "properties": {"b": {"type": "integer"}}}]
    schema = {"type": "object", "required": ["details"], "properties": {"details": {"allOf": parts}}}
    assert sample_valid(schema, DOCUMENT) == {"details": {"a": 1}}
