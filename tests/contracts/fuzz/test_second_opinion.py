"""A document that is not VideoDB's: the mock of it has no finding, and a wrong server of it has some."""

from __future__ import annotations

import dataclasses
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from mockserver_contracts.results.events import RunNote
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.target import Target, mock_in_process

from mockserver.contract import load
from tests.contracts.runs import Run, target_of
from tests.contracts.servers.independent import Receive, Send
from tests.matrix import long_but

OK: Final[dict[str, Any]] = {"200": {"description": "ok"}}
TEXT: Final = {"type": "string"}


def posted(schema: object, media_type: str = "application/json") -> dict[str, Any]:
    return {"post": {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}, "responses": OK}}


def asked(schema: object, **parameter: object) -> dict[str, Any]:
    return {"get": {"parameters": [{"name": "f", "in": "query", "schema": schema, **parameter}], "responses": OK}}


EVENTS: Final = "text/event-stream"
LINK: Final = {"type": "object", "properties": {"next": {"type": "string", "format": "uri"}}}
LINKED: Final = {"content": {"application/json": {"schema": LINK, "example": {"next": "/a?page=2"}}}}
KINDS: Final[dict[str, dict[str, Any]]] = {
    "refusals undeclared": {"/a": posted({"type": "object", "required": ["a"], "properties": {"a": TEXT}})},
    "nullable beside allOf": {
        "/a": posted({"type": "object", "properties": {"a": {"nullable": True, "allOf": [{"type": "object"}]}}})
    },
    "required readOnly member": {
        "/a": posted(
            {"type": "object", "required": ["id", "a"], "properties": {"id": {**TEXT, "readOnly": True}, "a": TEXT}}
        )
    },
    "form": {
        "/a": posted(
            {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": TEXT}}},
            "application/x-www-form-urlencoded",
        )
    },
    "multipart": {"/a": posted({"type": "object", "properties": {"a": TEXT}}, "multipart/form-data")},
    "plain text": {"/a": posted({"type": "number"}, "text/plain")},
    "free query object": {"/a": asked({"type": "object", "additionalProperties": {"type": "integer"}})},
    "query list": {"/a": asked({"type": "array", "items": {"type": "integer"}}, explode=False)},
    "two names of one path": {
        "/a/{one}": {"get": {"responses": OK}},
        "/a/{two}": {"post": {"responses": OK}},
    },
    "answer without its body": {
        "/a": {
            "get": {"responses": {"204": {"description": "none", "content": {"application/json": {"schema": TEXT}}}}}
        }
    },
    "relative link": {"/a": {"get": {"responses": {"200": {"description": "ok", **LINKED}}}}},
    "event stream": {
        "/a": {"get": {"responses": {"200": {"description": "ok", "content": {EVENTS: {"schema": TEXT}}}}}}
    },
}


def document(folder: Path, paths: dict[str, Any], **more: Any) -> Path:
    paths = {
        path: {
            **item,
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": TEXT}
                for name in ("one", "two")
                if f"{{{name}}}" in path
            ],
        }
        for path, item in paths.items()
    }
    file = folder / "document.yaml"
    head = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}
    file.write_text(yaml.safe_dump(head | more))
    return file


def checked(file: Path, target: Target) -> Run:
    subject = Subject(
        "page",
        load("page", spec=file)[0].document,
        frozenset(),
        lambda: target,
        opinion=lambda: mock_in_process("page", file),
    )
    return Run(tuple(run_plan(RunPlan("tests", (subject,), seed=1, max_examples=5))))


@pytest.mark.parametrize("kind", long_but(*list(KINDS)[::2], of=KINDS))
def test_mock_of_a_document_has_no_finding(kind: str, tmp_path: Path) -> None:
    file = document(tmp_path, KINDS[kind])
    run = checked(file, mock_in_process("page", file))
    assert run.findings == ()
    assert run.end.exit_code == 0
    assert run.end.requests_sent > 5


@pytest.mark.parametrize(
    ("schema", "media_type", "reason"),
    [
        (TEXT, "application/x-ndjson", "no supported serializers for media types: application/x-ndjson."),
        (
            {"allOf": [{"minimum": 5, "type": "integer"}, {"maximum": 4}]},
            "application/json",
            "cannot generate test data",
        ),
    ],
)
def test_body_that_cannot_be_made_is_told_and_no_outage(
    tmp_path: Path, schema: dict[str, Any], media_type: str, reason: str
) -> None:
    file = document(tmp_path, {"/a": posted(schema, media_type), "/b": {"get": {"responses": OK}}})
    for _ in range(2):  # the second run takes the requests from the first
        run = checked(file, mock_in_process("page", file))
        assert (run.findings, run.end.exit_code) == ((), 0)
        [note] = [
            event.sentence for event in run.events if isinstance(event, RunNote) and "its bodies" in event.sentence
        ]
        assert note.startswith(f"POST /a is not tested with all of its bodies: {reason}")


UNREADABLE: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "a pattern": ("POST /a", posted({"type": "string", "pattern": r"^\u{1F600}$"})),
    "a variable": (*("GET /a/{a.b}", {"get": {"responses": OK}}),),
    "a link": (
        *("Stateful tests", {"get": {"responses": {"200": {**OK["200"], "links": {"l": {"operationId": "nope"}}}}}}),
    ),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_operation_that_schemathesis_cannot_read_is_told_and_no_outage(kind: str, tmp_path: Path) -> None:
    name, item = UNREADABLE[kind]
    path = name.partition(" ")[2] if "/" in name else "/a"
    variable = {"parameters": [{"name": "a.b", "in": "path", "required": True, "schema": TEXT}]} if "{" in path else {}
    file = tmp_path / "document.yaml"
    paths = {path: item | variable, "/b": {"get": {"responses": OK}}}
    file.write_text(yaml.safe_dump({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}))
    run = checked(file, mock_in_process("page", file))
    assert (run.findings, run.end.exit_code) == ((), 0)
    assert any(
        isinstance(event, RunNote) and event.sentence.startswith(f"{name} is not tested") for event in run.events
    )


SCHEMES: Final[dict[str, dict[str, str]]] = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
}
TOKENS: Final[dict[str, dict[str, Any]]] = {
    "oauth2": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://a.example", "scopes": {}}}},
    "openIdConnect": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example"},
}


def protected(folder: Path, scheme: str) -> Path:
    responses = OK | {"401": {"description": "no key"}}
    number = {"name": "n", "in": "query", "schema": {"type": "integer"}}
    paths = {
        "/a": {"get": {"security": [{"key": []}], "parameters": [number], "responses": responses}},
        "/b": {"post": {**posted({"type": "object", "required": ["x"]})["post"], "security": [{"key": []}]}},
    }
    return document(folder, paths, components={"securitySchemes": {"key": (SCHEMES | TOKENS)[scheme]}})


@pytest.mark.parametrize("scheme", long_but("bearer", "cookie", of=SCHEMES | TOKENS))
def test_mock_takes_any_key_of_the_declared_form(scheme: str, tmp_path: Path) -> None:
    file = protected(tmp_path, scheme)
    run = checked(file, mock_in_process("page", file))
    assert (run.findings, run.end.exit_code) == ((), 0)


@pytest.mark.parametrize("scheme", long_but("query", of=SCHEMES))
def test_server_that_takes_any_key_is_found(scheme: str, tmp_path: Path) -> None:
    file = protected(tmp_path, scheme)
    mock = mock_in_process("page", file)
    run = checked(file, dataclasses.replace(mock, is_mock=False))
    assert "invalid_auth" in {finding.cause for finding in run.findings if finding.check == "ignored_auth"}


class Careless:
    """A server that accepts everything."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("scheme", long_but("query", of=SCHEMES))
def test_server_that_needs_no_key_is_found(scheme: str, tmp_path: Path) -> None:
    run = checked(protected(tmp_path, scheme), target_of(Careless(), is_mock=False))
    assert "no_auth" in {finding.cause for finding in run.findings if finding.check == "ignored_auth"}


@pytest.mark.parametrize("kind", ["refusals undeclared", "form", "query list"])
def test_server_that_accepts_everything_is_found(kind: str, tmp_path: Path) -> None:
    run = checked(document(tmp_path, KINDS[kind]), target_of(Careless(), is_mock=False))
    checks = {finding.check for finding in run.findings if finding.severity == "error"}
    assert checks & {"negative_data_rejection", "unsupported_method", "near_miss_refused"}
    assert run.end.exit_code == 1


def test_server_that_refuses_what_the_mock_accepts_is_found(tmp_path: Path) -> None:
    async def refusing(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 422, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    run = checked(document(tmp_path, KINDS["form"]), target_of(refusing, is_mock=False))
    assert "positive_data_acceptance" in {finding.check for finding in run.findings}
