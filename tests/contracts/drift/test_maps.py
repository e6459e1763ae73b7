"""The names in an object that may have any are an account's own: no drift."""

from __future__ import annotations

import json
from typing import Any

from mockserver_contracts.document.free_form import maps_in
from mockserver_contracts.drift.difference import differences
from mockserver_contracts.drift.normalize import NormalizedResponse, canonical
from mockserver_contracts.results.finding import Response

from tests.contracts.runs import document

MAPS = frozenset({"/data/breakdown"})


def usage(breakdown: Any) -> NormalizedResponse:
    body = json.dumps({"data": {"breakdown": breakdown}}).encode()
    return canonical(Response(200, {"content-type": "application/json"}, body), maps=MAPS)


def told(mock: Any, target: Any) -> list[str]:
    return [each.title for each in differences(usage(mock), usage(target), request="a valid request")]


def test_the_breakdown_of_usage_is_a_map_and_nothing_else_is() -> None:
    assert maps_in(document()) == MAPS


def test_maps_are_found_in_lists_and_parts_and_circles_end() -> None:
    loop: dict[str, Any] = {"properties": {"next": {"$ref": "#/components/schemas/Loop"}}}
    held: dict[str, Any] = {"additionalProperties": {"type": "string"}}
    schema = {"type": "array", "items": {"allOf": [{"properties": {"a": held}}, {"$ref": "#/components/schemas/Loop"}]}}
    content = {"application/json": {"schema": schema}}
    paths = {"/x": {"get": {"responses": {"200": {"content": content}, "404": {"$ref": "#/nowhere"}}}}}
    assert maps_in({"paths": paths, "components": {"schemas": {"Loop": loop}}}) == {"/0/a"}


def test_other_names_in_a_map_and_none_are_no_difference() -> None:
    assert told({"indexing": 1}, {"search": 2.5, "storage": 1}) == []
    assert told({}, {"search": 2.5}) == told({"search": 2.5}, {}) == []


def test_another_type_in_a_map_is_one() -> None:
    assert told({"indexing": 1}, {"search": "2.5"}) == ["Another type at /data/breakdown/0 of 2xx"]
    assert told({"indexing": 1}, [1]) == ["Another type at /data/breakdown of 2xx"]
