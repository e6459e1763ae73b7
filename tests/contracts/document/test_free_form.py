"""The member names of free-form objects are an account's own and never drift."""

from __future__ import annotations

import json
from typing import Any

from mockserver_contracts.document.free_form import FreeForm, free_form_objects
from mockserver_contracts.drift.difference import diff
from mockserver_contracts.drift.normalize import NormalizedResponse, normalize
from mockserver_contracts.exchange import Response

from tests.contracts.runs import document

FREE_FORM: FreeForm = {"/data/breakdown": frozenset()}


def usage(breakdown: Any) -> NormalizedResponse:
    body = json.dumps({"data": {"breakdown": breakdown}}).encode()
    return normalize(Response(200, {"content-type": "application/json"}, body), free_form=FREE_FORM)


def titles(mock: Any, target: Any) -> list[str]:
    return [each.title for each in diff(usage(mock), usage(target), request="a valid request")]


def test_only_the_breakdown_of_usage_is_free_form() -> None:
    found = free_form_objects(document())
    assert {operation: maps for operation, maps in found.items() if maps} == {"GET /billing/usage": FREE_FORM}


def test_free_form_objects_are_found_in_lists_parts_and_circles() -> None:
    loop: dict[str, Any] = {"properties": {"next": {"$ref": "#/components/schemas/Loop"}}}
    held: dict[str, Any] = {"additionalProperties": {"type": "string"}}
    schema = {"type": "array", "items": {"allOf": [{"properties": {"a": held}}, {"$ref": "#/components/schemas/Loop"}]}}
    content = {"application/json": {"schema": schema}}
    paths = {"/x": {"get": {"responses": {"200": {"content": content}, "404": {"$ref": "#/nowhere"}}}}}
    assert free_form_objects({"paths": paths, "components": {"schemas": {"Loop": loop}}}) == {
        "GET /x": {"/0/a": frozenset()}
    }


def test_other_names_in_a_free_form_object_are_no_difference() -> None:
    assert titles({"indexing": 1}, {"search": 2.5, "storage": 1}) == []
    assert titles({}, {"search": 2.5}) == titles({"search": 2.5}, {}) == []


def test_other_type_in_a_free_form_object_is_a_difference() -> None:
    assert titles({"indexing": 1}, {"search": "2.5"}) == ["Another type at /data/breakdown/0 of 2xx"]
    assert titles({"indexing": 1}, [1]) == ["Another type at /data/breakdown of 2xx"]


def test_free_form_object_keeps_its_declared_names() -> None:
    free_form = free_form_objects(document("observed"))["GET /billing/usage"]
    assert free_form.keys() == {"/data", "/data/breakdown", "/data/cost_metric"}

    def shown(**data: Any) -> NormalizedResponse:
        body = json.dumps({"data": data}).encode()
        return normalize(Response(200, {"content-type": "application/json"}, body), free_form=free_form)

    mock = shown(credit_used=1, llm=5, dubbing=0)
    assert list(diff(mock, shown(credit_used=2, scene=1), request="a valid request")) == []
    (lost,) = diff(mock, shown(scene=1), request="a valid request")
    assert (lost.aspect, lost.pointer) == ("missing", "/data/credit_used")
