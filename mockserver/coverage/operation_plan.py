"""The goals of one operation, and those of them that an exchange reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.contract import MalformedForm, MalformedJson, Operation
from mockserver.contract.media import covering_type, kind_of
from mockserver.contract.request.body import Body
from mockserver.coverage.exchange import SeenExchange
from mockserver.coverage.goals import ANSWERED, INVALID, LEFT_OUT, OTHER_TYPE, SENT, VALID, GoalKind, GoalList
from mockserver.coverage.schema.node import KeywordNode
from mockserver.coverage.schema.place import Place
from mockserver.coverage.schema.planner import SchemaPlanner

_READ: Final = frozenset({"json", "form", "multipart", "text"})
"""The kinds of bodies whose values a schema describes; it says nothing of the bytes of others."""


class OperationPlan:
    """The goals of an operation, in the order of a report."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.list = GoalList()
        self._numbers: dict[tuple[GoalKind, str, str], int] = {}
        self._nodes: dict[str, KeywordNode] = {}
        self._planner = SchemaPlanner(operation.document, self.list)
        self._add("operation", "", SENT, "a request")
        self._plan_responses()
        self._plan_parameters()
        self._plan_body()

    def _add(self, kind: GoalKind, subject: str, case: str, label: str) -> None:
        self._numbers[kind, subject, case] = self.list.add(kind, subject, case, label)

    def _plan_responses(self) -> None:
        for code, response in self.operation.responses.items():
            self._add("status", _status(code), ANSWERED, f"status {_status(code)}")
            for media_type in response.get("content") or ():
                subject = f"{_status(code)} {media_type}"
                self._add("response_type", subject, ANSWERED, f"status {_status(code)} with {media_type}")

    def _plan_parameters(self) -> None:
        for parameter in self.operation.declared_parameters:
            subject, label = f"{parameter.place} {parameter.name}", f"{parameter.place} parameter {parameter.name}"
            self._add("parameter", subject, VALID, label)
            if parameter.place != "path":
                self._add("parameter", subject, LEFT_OUT, label)
            before = len(self.list.goals)
            self._nodes[subject] = self._planner.plan(
                parameter.schema, Place(subject, name=parameter.name), is_text=parameter.media_type is None
            )
            if any(goal.case == INVALID for goal in self.list.goals[before:]):
                self._add("parameter", subject, INVALID, label)

    def _plan_body(self) -> None:
        if not self.operation.takes_body:
            return
        content = self.operation.content
        for media_type, data in content.items():
            self._add("request_type", media_type, SENT, f"a body of {media_type}")
            kind = kind_of(media_type)
            self._add("body", media_type, VALID, f"body of {media_type}")
            if kind in _READ:
                self._add("body", media_type, INVALID, f"body of {media_type}")
                self._nodes[media_type] = self._planner.plan(data.get("schema"), Place(media_type))
        self._add("body", "", LEFT_OUT, "body")
        if "*/*" not in content:
            self._add("body", "", OTHER_TYPE, "body")

    def hits(self, exchange: SeenExchange) -> set[int]:
        """The numbers of the goals that the exchange reaches."""
        found = {self._numbers["operation", "", SENT]}
        for reached in (
            self._of_response(exchange),
            self._of_parameters(exchange, found),
            self._of_body(exchange, found),
        ):
            found.update(number for key in reached if (number := self._numbers.get(key)) is not None)
        return found

    def _of_response(self, exchange: SeenExchange) -> Iterator[tuple[GoalKind, str, str]]:
        code = self.operation.declared(exchange.status) if exchange.status else None
        if code is None:
            return
        yield "status", _status(code), ANSWERED
        content = self.operation.responses[code].get("content") or {}
        if (media_type := covering_type(exchange.media_type or "", content)) is not None:
            yield "response_type", f"{_status(code)} {media_type}", ANSWERED

    def _of_parameters(self, exchange: SeenExchange, found: set[int]) -> Iterator[tuple[GoalKind, str, str]]:
        readings = self.operation.parameter_readings(
            exchange.query, path=exchange.path, headers=exchange.headers, encoded_path=exchange.encoded_path
        )
        for reading in readings:
            subject = f"{reading.parameter.place} {reading.parameter.name}"
            if not reading.is_given:
                yield "parameter", subject, LEFT_OUT
                continue
            yield "parameter", subject, VALID if reading.is_valid else INVALID
            if reading.value is not None:
                self._nodes[subject].add_hits(reading.value, found)

    def _of_body(self, exchange: SeenExchange, found: set[int]) -> Iterator[tuple[GoalKind, str, str]]:
        raw, content_type = exchange.body, exchange.header(b"content-type")
        if (
            raw is None
            or not self.operation.takes_body
            or exchange.header(b"content-encoding") not in (None, "identity")
        ):
            return
        if not raw:
            yield "body", "", LEFT_OUT
            return
        body = self.operation.body(content_type)
        if body is None:
            yield "body", "", OTHER_TYPE
            return
        yield "request_type", body.name, SENT
        yield "body", body.name, VALID if self._is_valid(body, raw, found) else INVALID

    def _is_valid(self, body: Body, raw: bytes, found: set[int]) -> bool:
        try:
            value, violations = body.read(raw)
        except (MalformedForm, MalformedJson):
            return False
        if body.kind in _READ and (node := self._nodes.get(body.name)) is not None:
            node.add_hits(value, found)
        return not violations

    def surprise(self, exchange: SeenExchange) -> str | None:
        """The part of a response that the contract does not declare, in words."""
        status, operation = exchange.status, self.operation
        if not status or not operation.responses:
            return None
        code = operation.declared(status)
        if code is None:
            return f"status {status}"
        content = operation.responses[code].get("content")
        if content and covering_type(exchange.media_type or "", content) is None:
            return f"status {status} with {exchange.media_type or 'no content type'}"
        return None


def _status(code: str) -> str:
    return "default" if code == "DEFAULT" else code
