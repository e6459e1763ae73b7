"""The fuzzer: Schemathesis' requests and checks, sent through the door, its failures as findings.

The only module which knows Schemathesis' engine.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import schemathesis
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response as RecordedResponse
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import CaseNode, Interaction, ScenarioRecorder
from schemathesis.python.asgi import shutdown_lifespans

from contracts.body import BodyFaults
from contracts.cause import Cause, cause_of
from contracts.door import CASE_HEADER, Door
from contracts.finding import Failure, Request, Response

_UNEXPECTED: Final = ["get", "put", "post", "delete", "options", "patch", "trace", "query"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a fuzz run is made; the same settings make the same requests."""

    seed: int
    max_examples: int
    key_header: str
    key: str
    on_rails: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of the fuzzer with its answer and what Schemathesis' checks hold against it."""

    case: str
    operation: str
    phase: str
    is_valid: bool
    request: Request
    response: Response
    causes: tuple[tuple[str, Cause], ...]


@dataclass(frozen=True, slots=True)
class PhaseOver:
    """A scenario of a phase is over."""

    phase: str


@dataclass(frozen=True, slots=True)
class EngineTrouble:
    """The fuzzer itself could not do a part of its work."""

    failure: Failure


Step = Exchange | PhaseOver | EngineTrouble


def fuzz(document: Mapping[str, Any], door: Door, settings: Settings, *, url: str) -> Iterator[Step]:
    """Send the requests of all phases; ends early when the door stops."""
    # Without `servers` no address but the door's can come up, not even for the engine's own probes.
    bare = {name: value for name, value in document.items() if name != "servers"}
    schema = schemathesis.openapi.from_dict(bare, config=SchemathesisConfig.from_dict(_configuration(settings)))
    schema.app = door
    faults = BodyFaults(document)
    try:
        with _no_local_constants():
            stream = from_schema(schema).execute()
            door.on_stop = stream.stop
            for event in stream:
                if isinstance(event, events.ScenarioFinished):
                    yield from _exchanges(event.recorder, event.phase.value, faults, url=url)
                    yield PhaseOver(event.phase.value)
                elif isinstance(event, events.Interrupted):
                    if door.stopped is None:
                        door.fail(Failure("interrupted", "interrupted by the user"))
                elif isinstance(event, events.FatalError):
                    yield EngineTrouble(Failure("engine", _sentence(event.exception)))
                elif isinstance(event, events.NonFatalError) and door.failure is None and door.stopped is None:
                    yield EngineTrouble(Failure("engine", f"{event.label}: {event.info.title}: {event.info.message}"))
    finally:
        shutdown_lifespans()


def stop_after(door: Door, deadline: float) -> threading.Timer:
    """A started timer that stops the door at the deadline, also while nothing is sent."""
    timer = threading.Timer(max(deadline - time.monotonic(), 0), door.stop, ["the time budget is spent"])
    timer.daemon = True
    timer.start()
    return timer


def operations(document: Mapping[str, Any]) -> frozenset[str]:
    """The operations of the document, as `POST /billing/checkout`."""
    methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
    paths: Mapping[str, Mapping[str, Any]] = document.get("paths", {})
    return frozenset(f"{method.upper()} {path}" for path, item in paths.items() for method in item if method in methods)


def _configuration(settings: Settings) -> dict[str, Any]:
    positive = ["2xx"]
    any_refusal = ["4xx"]
    return {
        "seed": settings.seed,
        "suppress-health-check": ["all"],
        "cache": {"enabled": False},
        "headers": {settings.key_header: settings.key, "User-Agent": "videodb-mockserver-check"},
        "continue-on-failure": True,
        "max-redirects": 0,
        # The door has its own time-outs; this one would only hide what they find.
        "request-timeout": 3600,
        "workers": 1,
        "generation": {
            "max-examples": settings.max_examples,
            "database": "none",
            "no-shrink": True,
            "exclude-header-characters": "\x00\r\n",
            "mode": "all",
        },
        "checks": {
            "positive_data_acceptance": {"expected-statuses": positive},
            "negative_data_rejection": {"expected-statuses": any_refusal},
            "missing_required_header": {"expected-statuses": any_refusal},
            "max_response_time": 5.0,
        },
        "phases": {
            "examples": {"extra-data-sources": {"responses": False}},
            "coverage": {
                "unexpected-methods": [] if settings.on_rails else _UNEXPECTED,
                "extra-data-sources": {"responses": False},
            },
            # What a server answers must not steer what is sent: two servers are to get the same.
            "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
        },
        "analysis": {"constants": {"enabled": False}},
    }


def _exchanges(recorder: ScenarioRecorder, phase: str, faults: BodyFaults, *, url: str) -> Iterable[Exchange]:
    for case_id, interaction in recorder.interactions.items():
        node = recorder.cases.get(case_id)
        if node is None or interaction.response is None:
            continue
        case = node.value
        request = _request(interaction, url)
        response = _response(interaction.response)
        causes = tuple(
            (check.name, cause_of(check.failure_info.failure, case, request.body, response, faults.of))
            for check in recorder.checks.get(case_id, ())
            if check.failure_info is not None
        )
        yield Exchange(case_id, case.operation.label, phase, _is_valid(node), request, response, causes)


def _is_valid(node: CaseNode) -> bool:
    meta = node.value.meta
    # A case with a parent is a check's own probe, or a later step: what it asks for may rightly be refused.
    if meta is None or node.parent_id is not None or not meta.generation.mode.is_positive:
        return False
    return bool(node.value.method.lower() == node.value.operation.method.lower())


def _request(interaction: Interaction, url: str) -> Request:
    sent = interaction.request
    parts = urlsplit(sent.uri)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {name: ", ".join(_text(value) for value in values) for name, values in sent.headers.items()}
    kept = {name: value for name, value in headers.items() if name.lower().encode() != CASE_HEADER}
    return Request(sent.method, url.rstrip("/") + target, kept, sent.body or b"")


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _response(response: RecordedResponse) -> Response:
    headers = {name: ", ".join(values) for name, values in response.headers.items()}
    return Response(response.status_code, headers, response.content or b"")


def _sentence(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


@contextlib.contextmanager
def _no_local_constants() -> Iterator[None]:
    # Hypothesis draws literals from whatever local modules happen to be imported: from a checkout, from a wheel
    # and from a test suite the same seed would then send different requests.
    nothing = Constants()
    original = providers._get_local_constants
    providers.CONSTANTS_CACHE.cache.clear()
    providers._get_local_constants = lambda: nothing
    try:
        yield
    finally:
        providers._get_local_constants = original
        providers.CONSTANTS_CACHE.cache.clear()
