"""A stateless operation refuses as its document declares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import Mock, refused

PROBLEM = "application/problem+json"
JSON = "application/json"
BODY = {"type": "object", "required": ["age"], "properties": {"age": {"type": "integer"}}}
TITLED = {
    "type": "object",
    "required": ["title"],
    "properties": {"title": {"type": "string"}, "status": {"type": "integer"}},
}
CLOSED = {"type": "object", "required": ["code"], "properties": {"code": {"enum": ["bad_input"]}}}
SHORT = {"type": "object", "properties": {"message": {"type": "string", "maxLength": 3}, "detail": {"type": "string"}}}

TEXTS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "properties": {"status": {"type": "string"}, "detail": {"type": "string"}}},
}
DETAILED = {"type": "object", "properties": {"title": {"type": "string"}, "detail": {"type": "string"}}}


def response(schema: dict[str, Any] | None = None, media_type: str = JSON, **more: Any) -> dict[str, Any]:
    return {"description": "", **({} if schema is None else {"content": {media_type: {"schema": schema, **more}}})}


LISTED = {"type": "array", "minItems": 1, "items": TITLED}
OK = {"200": response({"const": "fine"})}
RESPONSES: dict[str, dict[str, Any]] = {
    "/range": {**OK, "4XX": response(TITLED, PROBLEM)},
    "/default": {**OK, "default": response(TITLED, PROBLEM)},
    "/only-default": {"default": response(TITLED)},
    "/exact": {**OK, "400": response(CLOSED), "422": response(TITLED), "401": response(TITLED), "4XX": response(SHORT)},
    "/bad-request": {**OK, "400": response(CLOSED)},
    "/short": {**OK, "400": response(SHORT)},
    "/example": {**OK, "400": response(TITLED, example={"title": "Bad", "status": 1})},
    "/inner": {**OK, "400": response({"type": "object", "required": ["error"], "properties": {"error": TITLED}})},
    "/list": {**OK, "422": response({"type": "object", "required": ["detail"], "properties": {"detail": LISTED}})},
    "/empty": {**OK, "400": response()},
    "/problem": {**OK, "400": response(DETAILED, PROBLEM)},
    "/texts": {**OK, "400": response({"type": "object", "required": ["errors"], "properties": {"errors": TEXTS}})},
    "/string": {**OK, "400": response({"type": "string"})},
    "/strings": {**OK, "400": response({"type": "array", "minItems": 1, "items": {"type": "string"}})},
    "/word": {**OK, "400": response({"enum": ["bad"]})},
    "/text": {**OK, "400": response({"type": "string"}, "text/plain")},
    "/impossible": {**OK, "400": response({"allOf": [{"type": "string"}, {"type": "integer"}]})},
    "/silent": OK,
    "/closed": {**OK, "400": response(TITLED)},
}


@pytest.fixture
def api(start: Start, tmp_path: Path) -> Mock:
    operation = {"requestBody": {"required": True, "content": {JSON: {"schema": BODY}}}}
    none = {"requestBody": {"content": {JSON: {"schema": {"type": "object", "additionalProperties": False}}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "security": [{"key": []}],
        "paths": {
            path: {"post": {**(none if path == "/closed" else operation), "responses": responses}}
            for path, responses in RESPONSES.items()
        },
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    }
    (tmp_path / "api.json").write_text(json.dumps(document))
    return start(spec=tmp_path / "api.json")


KEY = {"x-key": "k"}
REASON = 'age is "old"; an integer is needed'


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/range", 400, {"title": REASON, "status": 400}),
        ("/default", 400, {"title": REASON, "status": 400}),
        ("/exact", 422, {"title": REASON, "status": 422}),
        ("/bad-request", 400, {"code": "bad_input"}),
        ("/short", 400, {"detail": REASON}),
        ("/example", 400, {"title": REASON, "status": 400}),
        ("/problem", 400, {"title": "Bad Request", "detail": REASON}),
        ("/string", 400, REASON),
        ("/strings", 400, [REASON]),
        ("/word", 400, "bad"),
        ("/texts", 400, {"errors": [{"status": "400", "detail": REASON}]}),
        ("/inner", 400, {"error": {"title": REASON, "status": 400}}),
        ("/list", 422, {"detail": [{"title": REASON, "status": 422}]}),
    ],
)
def test_refusal_follows_the_document_with_its_reason_if_possible(api: Mock, path: str, status: int, body: Any) -> None:
    answer = api.post(path, {"age": "old"}, headers=KEY)
    assert answer.status_code == status
    sent = answer.json()
    assert ({name: sent[name] for name in body} if isinstance(body, dict) else sent) == body
    assert answer.headers["x-mockserver-refusal"] == REASON
    (kept,) = api.journal()
    assert kept["contract"]["response"] == []
    assert [fault["pointer"] for fault in kept["contract"]["request"]] == ["/age"]


def test_malformed_json_and_missing_key_follow_the_document_too(api: Mock) -> None:
    broken = api.request("POST", "/exact", content=b"{", headers={**KEY, "content-type": JSON})
    assert (broken.status_code, broken.json()["code"]) == (400, "bad_input")
    denied = api.post("/exact", {"age": 1})
    assert (denied.status_code, denied.json()["status"]) == (401, 401)
    assert "X-Key" in denied.json()["title"]
    assert api.request("POST", "/range", content=b"{}", headers={**KEY, "content-type": "a/b"}).json()["status"] == 415


def test_refusal_without_a_body_has_its_reason_in_a_header(api: Mock) -> None:
    empty = api.post("/empty", {"age": "old"}, headers=KEY)
    assert (empty.status_code, empty.content, empty.headers["x-mockserver-refusal"]) == (400, b"", REASON)
    text = api.post("/text", {"age": "old"}, headers=KEY)
    assert (text.status_code, text.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert text.headers["x-mockserver-refusal"] == REASON


@pytest.mark.parametrize("path", ["/only-default", "/silent", "/impossible"])
def test_undeclared_refusal_is_the_mock_s_own(api: Mock, path: str) -> None:
    refused(api.post(path, {"age": "old"}, headers=KEY), 400, "invalid_request")


def test_header_name_from_a_client_is_escaped(api: Mock) -> None:
    answer = api.post("/closed", {"a\r\nset-cookie: b=c\r\n\r\nd é": 1}, headers=KEY)
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers
    said = r"a\r\nset-cookie: b=c\r\n\r\nd \u00e9 is unknown; it is not allowed"
    assert answer.headers["x-mockserver-refusal"] == said


def test_valid_request_is_not_refused(api: Mock) -> None:
    assert api.post("/exact", {"age": 1}, headers=KEY).json() == "fine"
