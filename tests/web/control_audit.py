"""The control API's document as an auditor: each exchange of a test under `/_mock` must agree with it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

import httpx

from mockserver.contract import Operation, parse_json
from mockserver.contract.pointer import dereference
from mockserver.contract.schema.validators import compile_predicate
from mockserver.web.control.control_document import control_contract
from mockserver.web.http.paths import DASHBOARD_ASSETS

OK: Final = 200
_EVENTS: Final = {"$ref": "#/components/schemas/Events"}


def audit(response: httpx.Response) -> None:
    """The document declares the answer, and the request if it had an effect."""
    request = response.request
    item = control_contract().path(request.url.path)
    operation = item.operation("GET" if request.method == "HEAD" else request.method) if item else None
    if operation is None:
        if request.url.path.startswith(DASHBOARD_ASSETS):
            return
        assert response.status_code >= 300 or request.method == "OPTIONS", f"the document has no {_line(request)}"
        return
    _audit_answer(operation, response)
    if response.status_code == OK:
        assert request_violations(operation, request) == [], f"answered, but invalid by the document: {_line(request)}"


def audit_event(name: str, data: Any) -> None:
    """The document declares the event."""
    is_event = compile_predicate(_EVENTS, control_contract().document, "response")
    assert is_event({name: data}), f"not an event of the document: {name} {data}"


def request_violations(operation: Operation, request: httpx.Request) -> list[str]:
    """The violations of a request: unknown names of its query, its parameters and its body."""
    declared = [dereference(operation.document, each) for each in operation.data.get("parameters", ())]
    known = {each["name"] for each in declared if each["in"] == "query"}
    query = request.url.query.decode("ascii")
    found = [f"unknown name {name}" for name, _ in parse_qsl(query) if name not in known]
    found += [str(each) for each in operation.parameters(query, path=request.url.path)[1]]
    if request.content:
        found += [str(each) for each in operation.body_violations(parse_json(request.content))]
        found += [] if operation.takes_body else ["a body"]
    elif operation.body_required:
        found.append("no body")
    return found


def _audit_answer(operation: Operation, response: httpx.Response) -> None:
    where = f"{_line(response.request)} -> {response.status_code} {response.text[:500]}"
    status, media_type = response.status_code, response.headers.get("content-type")
    declared = operation.declared(status)
    assert declared is not None, f"undeclared status: {where}"
    if response.request.method == "HEAD":
        return
    body = response.json() if media_type == "application/json" else response.text
    assert operation.response_violations(status, media_type, body) == (), where
    if status != OK:
        examples = operation.responses[declared]["content"]["application/json"]["examples"]
        assert response.json()["error_code"] in examples, f"undeclared error code: {where}"


def _line(request: httpx.Request) -> str:
    return f"{request.method} {request.url.raw_path.decode('ascii')} {request.content[:200]!r}"
