"""Contracts of one operation, the exchanges that a test counts on them, and the goals that were reached."""

from __future__ import annotations

import json
from typing import Any

from mockserver.contract import Contract
from mockserver.coverage.counter import CoverageCounter
from mockserver.coverage.exchange import SeenExchange
from mockserver.coverage.report.coverage_report import CoverageReport

JSON = "application/json"


def a_contract(
    schema: Any = None,
    *,
    parameters: list[Any] | None = None,
    responses: dict[str, Any] | None = None,
    openapi: str = "3.0.3",
    path: str = "/things",
    content: dict[str, Any] | None = None,
    **components: Any,
) -> Contract:
    """A contract whose only operation is a POST; its JSON body has the schema."""
    operation: dict[str, Any] = {"parameters": parameters or [], "responses": responses or {"200": {}}}
    if schema is not None or content is not None:
        operation["requestBody"] = {"content": content or {JSON: {"schema": schema}}}
    document = {"openapi": openapi, "info": {"title": "Things"}, "paths": {path: {"post": operation}}}
    return Contract({**document, "components": {"schemas": components}})


def an_exchange(
    body: Any = None,
    *,
    method: str = "POST",
    path: str = "/things",
    query: str = "",
    content_type: str | None = JSON,
    status: int = 200,
    media_type: str | None = JSON,
    reply: Any = None,
    account: str = "acct_one",
    headers: dict[str, str] | None = None,
    location: str = "",
) -> SeenExchange:
    """An exchange; a body that is no bytes is sent as JSON."""
    given = {"x-access-token": "sk-one", **({} if content_type is None else {"content-type": content_type})}
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    pairs = [(name.encode(), value.encode()) for name, value in {**given, **(headers or {})}.items() if value]
    content = b"" if reply is None else json.dumps(reply).encode()
    return SeenExchange(method, path, query, pairs, raw, status, media_type, content, account, location)


def counted(contract: Contract, *exchanges: SeenExchange) -> CoverageReport:
    """The report after these exchanges."""
    counter = CoverageCounter(contract, "things")
    for exchange in exchanges:
        counter.add(exchange)
    return counter.report()


def reached(report: CoverageReport, *kinds: str) -> set[str]:
    """The reached goals of the first operation, as `label (case)`."""
    return {
        f"{each.goal.label} ({each.goal.case})"
        for each in report.operations[0].goals
        if each.exchanges and each.goal.kind in (kinds or ("keyword",))
    }


def goals(contract: Contract, *kinds: str) -> set[str]:
    """All goals of the first operation, as `label (case)`."""
    wanted = kinds or ("keyword",)
    operation = counted(contract).operations[0]
    return {f"{each.goal.label} ({each.goal.case})" for each in operation.goals if each.goal.kind in wanted}


def reached_by(schema: Any, *bodies: Any, **parts: Any) -> set[str]:
    """The goals of keywords that these bodies reach."""
    return reached(counted(a_contract(schema, **parts), *map(an_exchange, bodies)))
