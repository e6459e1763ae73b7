"""The billing operations of a user's document: with state where they are VideoDB's, else as the document says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver import create_app
from mockserver.settings import Settings
from tests.contract.builders import a_file
from tests.web.conftest import Start

KEY = {"x-access-token": "sk-one"}
SUCCESS = {"success": {"type": "boolean", "example": True}}


def replying(**data: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {**SUCCESS, **data}}
    return {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}}


def a_spec(folder: Path, paths: dict[str, Any], **parts: Any) -> Path:
    document = {"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": paths, **parts}
    return a_file(folder, json.dumps(document), "openapi.json")


LIST = replying(data={"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}})
USAGE = replying(data={"type": "object", "properties": {"credit_balance": {"type": "number"}}})


def test_siblings_without_checkout_and_security_answer_everybody(start: Start, tmp_path: Path) -> None:
    mock = start(spec=a_spec(tmp_path, {"/billing/checkouts": {"get": LIST}, "/billing/usage": {"get": USAGE}}))
    assert mock.get("/billing/checkouts").json() == {"success": True, "data": []}
    assert mock.get("/billing/usage").json()["data"]["credit_balance"] == 0
    assert mock.get("/billing/usage", headers={"x-access-token": "no key"}).status_code == 200
    mock.post("/_mock/credits", {"key": "sk-one", "credits": 7})
    assert mock.get("/billing/usage", headers=KEY).json()["data"]["credit_balance"] == 7
    assert [each["contract"] for each in mock.journal()] == [{"request": [], "response": []}] * 4


def test_usage_of_another_shape_is_answered_from_the_document(start: Start, tmp_path: Path) -> None:
    usage = replying(requests={"type": "integer", "example": 12})
    usage["responses"]["200"]["content"]["application/json"]["schema"]["properties"].pop("success")
    mock = start(spec=a_spec(tmp_path, {"/billing/usage": {"get": usage}}))
    assert mock.get("/billing/usage").json() == {"requests": 12}


def test_checkout_of_another_product_is_answered_from_its_document(start: Start, tmp_path: Path) -> None:
    body = {"content": {"application/json": {"schema": {"type": "object", "required": ["plan"]}}}}
    created = {
        "201": {"description": "ok", "content": {"application/json": {"example": {"checkoutUrl": "https://a.example"}}}}
    }
    mock = start(spec=a_spec(tmp_path, {"/billing/checkout": {"post": {"requestBody": body, "responses": created}}}))
    assert mock.post("/billing/checkout", {}).status_code == 400
    answer = mock.post("/billing/checkout", {"plan": "gold"})
    assert (answer.status_code, answer.json()) == (201, {"checkoutUrl": "https://a.example"})
    assert mock.get("/billing/checkouts").status_code == 404


def test_start_says_which_operations_have_state_and_why_others_have_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    checkout = {"post": {"responses": {"201": {"description": "ok"}}}}
    create_app(Settings(spec=a_spec(tmp_path, {"/billing/usage": {"get": USAGE}, "/billing/checkout": checkout})))
    [line] = [record.getMessage() for record in caplog.records]
    assert line == (
        "served with state: GET /billing/usage; "
        "answered from the document: POST /billing/checkout (it takes no JSON body)"
    )
