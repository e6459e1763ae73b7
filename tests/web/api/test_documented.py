"""Stateless operations answer from the document, over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, Mock, refused

PET = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
JSON = "application/json"
PATHS: dict[str, Any] = {
    "/pets": {
        "get": {
            "responses": {
                "200": {
                    "description": "",
                    "headers": {"X-Total": {"schema": {"type": "integer", "minimum": 7}}},
                    "content": {
                        JSON: {"schema": PET, "examples": {"tom": {"value": {"id": 1}}, "bad": {"value": {"id": "x"}}}},
                        "application/xml": {"schema": PET},
                    },
                },
                "404": {"description": "", "content": {JSON: {"schema": {"type": "string"}}}},
                "503": {"description": "", "content": {JSON: {"schema": {"type": "string"}}}},
            }
        },
        "post": {"responses": {"201": {"description": "", "headers": {"Location": {"schema": {"type": "string"}}}}}},
    },
    "/never": {"get": {"responses": {"200": {"description": "", "content": {JSON: {"schema": {"not": {}}}}}}}},
    "/head": {
        "head": {"responses": {"204": {"description": "", "headers": {"X-A": {"schema": {"enum": ["b"]}}}}}},
        "get": {"responses": {"200": {"description": ""}}},
        "options": {"responses": {"200": {"description": ""}}},
    },
}


@pytest.fixture
def pets(start: Start, tmp_path: Path) -> Mock:
    document = {"openapi": "3.0.3", "info": {"title": "pets", "version": "1"}, "paths": PATHS}
    (tmp_path / "pets.json").write_text(json.dumps(document))
    return start(spec=tmp_path / "pets.json")


def asked(mock: Mock, path: str = "/pets", method: str = "GET", **headers: str) -> Any:
    return mock.request(method, path, headers={"x-access-token": KEY, **headers})


def test_example_is_answered_with_its_headers(pets: Mock) -> None:
    answer = asked(pets)
    assert (answer.status_code, answer.json(), answer.headers["x-total"]) == (200, {"id": 1}, "7")
    assert answer.headers["content-type"] == JSON
    assert pets.journal()[0]["contract"] == {"request": [], "response": []}


def test_reply_without_declared_content_is_empty(pets: Mock) -> None:
    answer = asked(pets, method="POST")
    assert (answer.status_code, answer.content, answer.headers["location"]) == (201, b"", "https://example.com/")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize(("prefer", "status"), [("code=404", 404), ("code=503", 503), ("code=200", 200)])
def test_code_can_be_preferred(pets: Mock, prefer: str, status: int) -> None:
    assert asked(pets, prefer=prefer).status_code == status
    assert asked(pets, f"/pets?__{prefer}").status_code == status


def test_preferences_may_share_a_header(pets: Mock) -> None:
    headers = [("x-access-token", KEY), ("prefer", "dynamic=true"), ("prefer", "code=404")]
    assert pets.get("/pets", headers=headers).status_code == 404
    assert asked(pets, prefer="code=404, dynamic=true").status_code == 404


def test_undeclared_preference_is_refused(pets: Mock) -> None:
    assert "declares no 418" in refused(asked(pets, prefer="code=418"), 404, "not_found")["message"]
    assert "tom, bad" in refused(asked(pets, prefer="example=jerry"), 404, "not_found")["message"]
    body = refused(asked(pets, prefer="code=many, dynamic=some"), 400, "invalid_request")
    assert len(body["errors"]) == 2
    refused(asked(pets, accept="image/png"), 406, "not_acceptable")


def test_invalid_example_that_is_asked_for_is_sent_and_reported_in_a_header(pets: Mock) -> None:
    answer = asked(pets, prefer="example=bad")
    assert answer.json() == {"id": "x"}
    assert answer.headers["x-mockserver-warning"].startswith("the example bad of 200 does not match its own schema")


def test_dynamic_answers_vary(pets: Mock) -> None:
    assert len({asked(pets, prefer="dynamic=true").text for _ in range(10)}) > 5


def test_unsatisfiable_schema_is_refused_without_an_internal_error(pets: Mock) -> None:
    assert "there may be none" in refused(asked(pets, "/never"), 404, "not_found")["message"]


def test_media_type_follows_accept(pets: Mock) -> None:
    assert asked(pets, accept="application/xml").text.startswith("<?xml")


def test_undeclared_head_is_get_without_the_body(pets: Mock) -> None:
    got, head = asked(pets), asked(pets, method="HEAD")
    assert (head.status_code, head.headers["content-length"]) == (200, got.headers["content-length"])
    assert head.headers["x-total"] == "7"
    assert asked(pets, method="OPTIONS").headers["allow"] == "GET, POST, HEAD, OPTIONS"
    assert asked(pets, method="PUT").headers["allow"] == "GET, POST, HEAD, OPTIONS"


def test_declared_head_and_options_are_answered_as_declared(pets: Mock) -> None:
    answer = asked(pets, "/head", "HEAD")
    assert (answer.status_code, answer.headers["x-a"]) == (204, "b")
    assert asked(pets, "/head", "OPTIONS").status_code == 200
    assert asked(pets, "/head", "PUT").headers["allow"].count("OPTIONS") == 1


DECLARED: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/pay/{id}": {"get": {"responses": {"200": {"content": {"text/plain": {"example": "its own"}}}}}},
        "/_mock/health": {"get": {"responses": {"200": {"content": {"text/plain": {"example": "its own"}}}}}},
    },
}


def test_document_path_wins_over_pages_but_not_over_the_control_api(start: Start, tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(DECLARED))
    mock = start(spec=tmp_path / "api.json")
    assert mock.get("/pay/5").text == "its own"
    # and other web pages may read it, unlike the mock's own pages
    assert mock.get("/pay/5", headers={"sec-fetch-site": "cross-site"}).text == "its own"
    assert mock.get("/_mock/health").json()["status"] == "ok"
    assert mock.get("/c/pay/5").status_code == 404


def test_catch_all_path_does_not_replace_the_checkout_pages(start: Start, tmp_path: Path) -> None:
    any_path = {"get": {"security": [], **DECLARED["paths"]["/pay/{id}"]["get"]}}
    overlay = {
        "overlay": "1.0.0",
        "info": {"title": "t", "version": "1"},
        "actions": [{"target": "$.paths", "update": {"/{a}/{b}": any_path}}],
    }
    (tmp_path / "overlay.json").write_text(json.dumps(overlay))
    mock = start(overlays=[tmp_path / "overlay.json"])
    assert mock.get("/some/thing").text == "its own"
    assert "its own" not in mock.get(f"/pay/{mock.create()}").text
