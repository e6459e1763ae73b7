"""Requests to stateless operations are checked against the document, security schemes too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Start
from tests.web.mock_client import KEY, Mock, refused

JSON = "application/json"
OK = {"200": {"description": "", "content": {JSON: {"schema": {"const": "fine"}}}}}
PET = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
PATHS: dict[str, Any] = {
    "/open": {"get": {"security": [], "responses": OK}},
    "/bearer": {"get": {"security": [{"bearer": []}], "responses": OK}},
    "/basic": {"get": {"security": [{"basic": []}], "responses": OK}},
    "/either": {"get": {"security": [{"own": []}, {"key": []}], "responses": OK}},
    "/both": {"get": {"security": [{"key": [], "bearer": []}], "responses": OK}},
    "/own": {"get": {"responses": OK}},
    "/query": {"get": {"security": [{"query": []}], "responses": OK}},
    "/pets/{kind}.{id}": {
        "parameters": [
            {"name": "kind", "in": "path", "required": True, "schema": {"enum": ["cat", "dog"]}},
            {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
            {"name": "X-Trace", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 3}},
            {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        ],
        "put": {
            "security": [],
            "requestBody": {
                "required": True,
                "content": {JSON: {"schema": PET}, "application/x-www-form-urlencoded": {"schema": PET}},
            },
            "responses": OK,
        },
    },
    "/optional": {"post": {"security": [], "requestBody": {"content": {JSON: {"schema": PET}}}, "responses": OK}},
    "/raw": {
        "put": {
            "security": [],
            "requestBody": {"required": True, "content": {"application/octet-stream": {}, "text/plain": {}}},
            "responses": OK,
        }
    },
    "/files/{path}": {
        "get": {
            "security": [],
            "parameters": [{"name": "path", "in": "path", "required": True, "schema": {"pattern": "^a/b$"}}],
            "responses": OK,
        }
    },
}
SCHEMES = {
    "own": {"type": "apiKey", "in": "header", "name": "x-access-token"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "basic"},
}


@pytest.fixture
def api(start: Start, tmp_path: Path) -> Mock:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": PATHS,
        "security": [{"own": []}],
        "components": {"securitySchemes": SCHEMES},
    }
    (tmp_path / "api.json").write_text(json.dumps(document))
    return start(spec=tmp_path / "api.json")


@pytest.mark.parametrize(
    ("path", "headers", "is_let_in"),
    [
        ("/open", {}, True),
        ("/bearer", {"authorization": "Bearer abc"}, True),
        ("/bearer", {}, False),
        ("/bearer", {"x-access-token": KEY}, False),
        ("/basic", {"authorization": "Basic YTpi"}, True),
        ("/basic", {"authorization": "Basic"}, False),
        ("/either", {"x-access-token": KEY}, True),
        ("/either", {"x-access-token": "no key of ours"}, False),
        ("/either", {"x-api-key": "anything"}, True),
        ("/both", {"x-api-key": "a", "authorization": "Bearer b"}, True),
        ("/both", {"x-api-key": "a"}, False),
        ("/own", {"x-access-token": KEY}, True),
        ("/own", {"x-access-token": "no key of ours"}, False),
        ("/own", {"authorization": "Bearer abc"}, False),
        ("/query?key=abc", {}, True),
        ("/query", {"key": "abc"}, False),
    ],
)
def test_security_follows_the_document(api: Mock, path: str, headers: dict[str, str], is_let_in: bool) -> None:
    answer = api.get(path, headers=headers)
    if is_let_in:
        assert (answer.status_code, answer.json()) == (200, "fine")
    else:
        refused(answer, 401, "unauthorized")


def test_challenge_names_the_http_scheme(api: Mock) -> None:
    assert api.get("/bearer").headers["www-authenticate"] == "Bearer"
    assert api.get("/basic").headers["www-authenticate"] == 'Basic realm="mock", charset="UTF-8"'
    assert "www-authenticate" not in api.get("/own").headers


def test_credentials_are_not_recorded(api: Mock) -> None:
    api.get("/either", headers={"x-api-key": "top-secret-1"})
    api.get("/query?a=1&key=top-secret-2&b=2")
    api.get("/bearer", headers={"authorization": "Bearer top-secret-3"})
    kept = json.dumps(api.journal())
    assert "top-secret" not in kept
    assert "a=1&key=[redacted]&b=2" in kept


def test_same_credential_means_same_account(api: Mock) -> None:
    for token in ("one", "one", "two"):
        api.get("/bearer", headers={"authorization": f"Bearer {token}"})
    api.get("/open")
    accounts = [one["account"] for one in api.journal()]
    assert accounts[0] is None
    assert accounts[2] == accounts[3] != accounts[1]


def test_refusal_lists_every_violation_at_once(api: Mock) -> None:
    body = refused(api.request("PUT", "/pets/cow.x?limit=y", json={"age": "old"}), 400, "invalid_request")
    messages = "\n".join(fault["message"] for fault in body["errors"])
    for said in ("kind is", "id is", "the header X-Trace is missing", "limit is", "name is missing", "age is"):
        assert said in messages
    assert {fault["pointer"] for fault in body["errors"]} == {"", "/age"}


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": JSON}, b'{"name": "Tom"}', 200),
        ({"content-type": "application/x-www-form-urlencoded"}, b"name=Tom&age=5", 200),
        ({"content-type": "application/x-www-form-urlencoded"}, b"age=5", 400),
        ({"content-type": "text/plain"}, b"name=Tom", 415),
        ({}, b"name=Tom", 415),
        ({}, b"", 400),
        ({"content-type": JSON}, b"", 400),
        ({"content-type": JSON}, b"{", 400),
    ],
)
def test_body_is_read_by_its_media_type(api: Mock, headers: dict[str, str], content: bytes, status: int) -> None:
    answer = api.request("PUT", "/pets/cat.5", headers={"x-trace": "abc", **headers}, content=content)
    assert answer.status_code == status, answer.text


def test_optional_body_may_be_absent(api: Mock) -> None:
    assert api.post("/optional").status_code == 200
    assert api.request("POST", "/optional", headers={"content-type": "text/plain"}).status_code == 200
    refused(api.post("/optional", json={}), 400, "invalid_request")


def test_escaped_slash_is_part_of_the_path_parameter(api: Mock) -> None:
    assert api.get("/files/a%2Fb").status_code == 200
    refused(api.get("/files/a/b"), 404, "not_found")
    refused(api.get("/files/a%2Fc"), 400, "invalid_request")


def test_missing_required_body_is_refused_for_any_media_type(api: Mock) -> None:
    missed = api.request("PUT", "/raw")
    assert "the body is missing; application/octet-stream or text/plain is needed" in missed.text
    assert missed.status_code == 400
    empty = api.request("PUT", "/raw", content=b"", headers={"content-type": "application/octet-stream"})
    assert empty.status_code == 200, "a file may be empty"


def test_large_body_with_many_faults_is_refused(api: Mock) -> None:
    pets = {f"age{place}": "x" for place in range(10_000)}
    body = refused(api.post("/optional", json={**pets, "age": "x"}), 400, "invalid_request")
    assert {fault["pointer"] for fault in body["errors"]} == {"", "/age"}
