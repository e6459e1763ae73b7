"""Values that other keywords than the usual ones describe."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.contract.mocking.sample import sample_valid

DOCUMENT: dict[str, Any] = {"openapi": "3.1.0"}
INSIDE = {"type": "object", "required": ["q"], "properties": {"q": {"type": "integer"}}}


@pytest.mark.parametrize("schema", [{"pattern": "^text"}, {"minLength": 1, "maxLength": 6}])
def test_text_may_be_unlike_the_usual_ones(schema: dict[str, Any]) -> None:
    assert sample_valid({"type": "string", "minLength": 4, "not": schema}, DOCUMENT) is not None


def test_object_has_as_many_named_members_as_it_needs() -> None:
    schema = {"type": "object", "minProperties": 500, "propertyNames": {"pattern": "^[a-z]{3}$"}}
    value: Any = sample_valid(schema, DOCUMENT)
    assert len(value) == 500


def test_unevaluated_member_fits_its_schema() -> None:
    schema = {"type": "object", "minProperties": 2, "properties": {"a": {"type": "string"}}}
    value = sample_valid({**schema, "unevaluatedProperties": {"type": "integer"}}, DOCUMENT)
    assert value == {"a": "text", "text": 1}


@pytest.mark.parametrize(("more", "value"), [({"contentSchema": INSIDE}, {"q": 1}), ({}, {}), ({"maxLength": 2}, {})])
def test_text_of_json_is_json(more: dict[str, Any], value: Any) -> None:
    made: Any = sample_valid({"type": "string", "contentMediaType": "application/json", **more}, DOCUMENT)
    assert json.loads(made) == value


@pytest.mark.parametrize("more", [{"contentSchema": False}, {"maxLength": 1}])
def test_text_without_a_fitting_json_is_a_plain_one(more: dict[str, Any]) -> None:
    made: Any = sample_valid({"type": "string", "contentMediaType": "application/json", **more}, DOCUMENT)
    assert made in ("text", "t")
