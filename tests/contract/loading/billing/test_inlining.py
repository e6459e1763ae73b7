"""References of billing operations, with their targets in their place."""

from __future__ import annotations

from mockserver.contract.loading.billing.inlining import inline_references

DOCUMENT = {"error": {"description": "wrong"}, "circle": {"items": {"$ref": "#/circle"}}}


def test_response_of_any_name_is_inlined() -> None:
    responses = {"400": {"$ref": "#/error"}, "default": {"$ref": "#/error"}}
    wrong = {"description": "wrong"}
    assert inline_references({"responses": responses}, DOCUMENT) == {"responses": {"400": wrong, "default": wrong}}


def test_reference_in_data_is_a_value() -> None:
    schema = {"properties": {"enum": {"$ref": "#/error"}}, "default": {"$ref": "#/error"}}
    inlined = inline_references(schema, DOCUMENT)
    assert inlined == {"properties": {"enum": {"description": "wrong"}}, "default": {"$ref": "#/error"}}


def test_circle_keeps_its_reference() -> None:
    assert inline_references({"$ref": "#/circle"}, DOCUMENT) == {"items": {"$ref": "#/circle"}}
