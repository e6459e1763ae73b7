"""Every check of Schemathesis that fits, on exchanges of the corpus.

A check may send requests of its own through the same gate. Authentication is probed once for an operation.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import schemathesis
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict
from schemathesis.checks import CheckContext, load_all_checks, run_checks, run_checks_for
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import SchemathesisError
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response as SchemathesisResponse
from schemathesis.engine.recorder import Interaction, ScenarioRecorder
from schemathesis.engine.run import PhaseName
from schemathesis.generation.case import Case
from schemathesis.generation.meta import CaseMetadata
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.reporting.crashes.encoding import decode_case_body, from_json_safe

from mockserver_contracts.corpus.entry import CorpusEntry
from mockserver_contracts.document.body_violations import BodyViolations
from mockserver_contracts.document.credentials import Credentials
from mockserver_contracts.exchange import Request, Response
from mockserver_contracts.fuzz.cause import Cause, cause_of
from mockserver_contracts.fuzz.gate_app import CASE_HEADER, GateApp
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.target.gate import Gate

_CASES_KEPT: Final = 200
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """A failed check, its cause, and the exchange that shows it, which may be a probe of the check's own."""

    check: str
    cause: Cause
    request: Request
    response: Response


class SchemathesisChecks:
    """Holds exchanges to a document."""

    def __init__(self, document: Mapping[str, Any], gate: Gate, *, key_header: str, key: str) -> None:
        load_all_checks()
        # Without `servers` there is no address but the gate's, not even for a check's own probes. It is a copy,
        # because Schemathesis writes to it.
        bare = copy.deepcopy({name: value for name, value in document.items() if name != "servers"})
        config = SchemathesisConfig.from_dict(_configuration(key_header, key))
        self._schema = schemathesis.openapi.from_dict(bare, config=config)
        self._gate_app = self._schema.app = GateApp(gate)
        self._key_header, self._key, self._url = key_header, key, gate.url
        self._origin = gate.url.removesuffix(urlsplit(gate.url).path)
        self._violations = BodyViolations(document)
        self._credentials = Credentials(document)
        self._operations = {
            result.ok().label: result.ok() for result in self._schema.get_all_operations() if hasattr(result, "ok")
        }
        self._enforced: set[str] = set()
        self._unusable: set[tuple[str, str]] = set()
        self._recorder = ScenarioRecorder(label="replay")
        self._case_ids: dict[str, str] = {}

    def close(self) -> None:
        """End the lifespans that the checks' own requests began."""
        shutdown_lifespans()

    def failures(self, exchange: CorpusExchange) -> Iterator[CheckFailure]:
        """The checks that fail on the exchange."""
        entry = exchange.entry
        operation = self._operations.get(entry.operation)
        if operation is None:
            return
        case = self._case(operation, exchange)
        response = self._to_schemathesis(exchange)
        phase = PhaseName.from_str(entry.origin) if entry.case is not None else None
        self._record(case, entry, response)
        context = CheckContext(
            override=case._override,
            auth=None,
            headers=CaseInsensitiveDict({self._key_header: self._key}),
            config=self._schema.config.checks_config_for(
                operation=operation, phase=phase.value if phase is not None else None
            ),
            transport_kwargs={"headers": {self._key_header: self._key}},
            recorder=self._recorder,
            response_checks=run_checks_for(self._schema).for_responses(),
            phase=phase,
            auth_enforced_operations=self._enforced,
        )
        failed: list[tuple[str, Failure]] = []

        def on_failure(name: str, collected: set[Failure], failure: Failure) -> None:
            collected.add(failure)
            failed.append((name, failure))

        for check in context.internals.checks:
            invented, before = self._gate_app.invented, len(failed)
            try:
                run_checks(case=case, response=response, ctx=context, checks=[check], on_failure=on_failure)
            except SchemathesisError as error:
                self._report_unusable(check.__name__, entry.operation, error)
            if self._gate_app.invented > invented:
                # The check read an answer that is not the target's; a closed gate ends the run anyway.
                del failed[before:]
        for name, failure in failed:
            yield self._failed(name, failure, case, exchange)

    def _report_unusable(self, check: str, operation: str, error: SchemathesisError) -> None:
        """Warn once that Schemathesis cannot apply a check: it does not read every schema that OpenAPI allows."""
        if (check, operation) not in self._unusable:
            self._unusable.add((check, operation))
            reason = str(error).strip().partition("\n")[0]
            _log.warning("%s says nothing about %s: %s", check, operation, reason)

    def _failed(self, name: str, failure: Failure, case: Case[Any], exchange: CorpusExchange) -> CheckFailure:
        request, response, of_case = exchange.request, exchange.response, case
        other = self._recorder.interactions.get(failure.case_id or case.id)
        if failure.case_id not in (None, case.id) and other is not None and other.response is not None:
            request, response = self._from_schemathesis(other, other.response)
            of_case = self._recorder.cases[str(failure.case_id)].value
        return CheckFailure(
            name, cause_of(failure, of_case, request.body, response, self._violations.of), request, response
        )

    def _case(self, operation: Any, exchange: CorpusExchange) -> Case[Any]:
        entry, stored = exchange.entry, exchange.entry.case or {}
        headers = dict(from_json_safe(stored.get("headers", {}))) | {self._key_header: self._key}
        case: Case[Any] = operation.Case(
            method=entry.method,
            path_parameters=from_json_safe(stored.get("path_parameters", {})),
            query=from_json_safe(stored.get("query", {})),
            headers=headers if _has(entry, self._key_header) else from_json_safe(stored.get("headers", {})),
            cookies=from_json_safe(stored.get("cookies", {})),
            body=decode_case_body(stored["body"]) if "body" in stored else exchange.request.body,
            media_type=stored.get("media_type") or _media_type(entry) or _first_media_type(operation),
        )
        # The key took the place of a generated value, so the probes without it and with a wrong one are sent.
        case._has_explicit_auth = self._credentials.has(self._key, exchange.request.url, exchange.request.headers)
        for name, value in exchange.links.items():
            container, _, parameter = name.partition(".")
            if container == "path":
                case.path_parameters[parameter] = value
            elif container == "query":
                case.query[parameter] = value
        if stored.get("meta") is not None:
            case._meta = CaseMetadata.from_dict(from_json_safe(stored["meta"]))
        case.freeze_metadata()
        return case

    def _record(self, case: Case[Any], entry: CorpusEntry, response: SchemathesisResponse) -> None:
        if len(self._recorder.cases) > _CASES_KEPT and not entry.links:
            self._recorder, self._case_ids = ScenarioRecorder(label="replay"), {}
        parent = next((self._case_ids[link.parent] for link in entry.links if link.parent in self._case_ids), None)
        self._case_ids[entry.id] = case.id
        self._recorder.record_case(case=case, parent_id=parent)
        self._recorder.record_response(case_id=case.id, response=response)

    def _to_schemathesis(self, exchange: CorpusExchange) -> SchemathesisResponse:
        sent = requests.PreparedRequest()
        # The document's paths begin where the target's base path ends.
        sent.method, sent.url = exchange.request.method, self._origin + exchange.request.url.removeprefix(self._url)
        sent.headers = CaseInsensitiveDict(exchange.request.headers)
        sent.body = exchange.request.body or None
        # The checks read it; a request that was never prepared has none.
        sent._cookies = RequestsCookieJar()  # type: ignore[attr-defined]
        headers: dict[str, list[str]] = {}
        for name, value in exchange.response.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        return SchemathesisResponse(
            status_code=exchange.response.status,
            headers=headers,
            content=exchange.response.body,
            request=sent,
            elapsed=exchange.seconds,
            verify=True,
        )

    def _from_schemathesis(self, interaction: Interaction, answer: SchemathesisResponse) -> tuple[Request, Response]:
        sent = interaction.request
        target = sent.uri.partition("://")[2].partition("/")[2]
        headers = {name: ", ".join(values) for name, values in sent.headers.items()}
        lines = {name: value for name, value in headers.items() if name.lower() != CASE_HEADER.decode()}
        request = Request(sent.method, f"{self._url}/{target}", lines, sent.body or b"")
        received = {name: ", ".join(values) for name, values in answer.headers.items()}
        return request, Response(answer.status_code, received, answer.content or b"")


def _media_type(entry: CorpusEntry) -> str | None:
    return next((value for name, value in entry.headers if name.lower() == "content-type"), None)


def _first_media_type(operation: Any) -> str:
    return next(iter(operation.get_request_payload_content_types()), "application/json")


def _has(entry: CorpusEntry, header: str) -> bool:
    return any(name.lower() == header.lower() for name, _ in entry.headers)


def _configuration(key_header: str, key: str) -> dict[str, Any]:
    return {
        "headers": {key_header: key, "User-Agent": "videodb-mockserver-check"},
        "cache": {"enabled": False},
        "max-redirects": 0,
        # The gate has its own time-outs; this one would only hide them.
        "request-timeout": 3600,
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx"]},
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
            "missing_required_header": {"expected-statuses": ["4xx"]},
            "max_response_time": 5.0,
        },
    }
