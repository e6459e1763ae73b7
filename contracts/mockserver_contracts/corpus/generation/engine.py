"""Schemathesis makes the requests of a corpus: examples, coverage, fuzzing, and sequences along links.

Its engine runs once against a server of samples; what it sent is kept, what was answered is not.
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, cast
from urllib.parse import quote, urlsplit

import schemathesis
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import CaseNode, Interaction, ScenarioRecorder
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.reporting.crashes.encoding import encode_case_body, to_json_safe

from mockserver_contracts.corpus.corpus import Corpus, Recipe
from mockserver_contracts.corpus.entry import KEY, Entry, Expected, Link, Origin
from mockserver_contracts.corpus.near_misses import near_misses
from mockserver_contracts.corpus.odd_urls import has_odd_url
from mockserver_contracts.corpus.sample_server import SampleServer
from mockserver_contracts.corpus.sampling import thinned

# Near misses of an operation; few as they are, none is like another.
_NEAR: Final = 30
_METHODS: Final = ["get", "put", "post", "delete", "options", "patch", "trace", "query"]
# The transport's own words; whoever sends an entry has its own.
_NOT_KEPT: Final = frozenset(
    {"host", "connection", "content-length", "accept-encoding", "user-agent", "x-schemathesis-testcaseid"}
)
_USER_AGENT: Final = ("user-agent", "videodb-mockserver-check")
_CONTAINERS: Final = {"path_parameters": "path"}
_EXPRESSION: Final = re.compile(r"\{?\$response\.(?:body#(?P<pointer>/[^#}]*)|header\.(?P<header>[^}]+))\}?")


class Stopped(Exception):
    """The corpus was not made to its end."""


def generate(document: Mapping[str, Any], recipe: Recipe, *, key_header: str, deadline: float | None = None) -> Corpus:
    """The corpus of the recipe; raises Stopped where the deadline, by the monotonic clock, comes before its end."""
    # Without `servers` no address can come up, not even for the engine's own probes; a copy, for it is written to.
    bare = copy.deepcopy({name: value for name, value in document.items() if name != "servers"})
    schema = schemathesis.openapi.from_dict(
        bare, config=SchemathesisConfig.from_dict(_configuration(recipe, key_header))
    )
    schema.app = SampleServer(document)
    kept = _Kept(recipe.max_examples)
    trouble: str | None = None
    try:
        with _no_local_constants():
            stream = from_schema(schema).execute()
            timer = _Timer(stream.stop, deadline)
            for event in stream:
                if isinstance(event, events.ScenarioFinished):
                    kept.note(event.recorder, cast(Origin, event.phase.value))
                elif isinstance(event, events.FatalError):
                    trouble = trouble or f"{type(event.exception).__name__}: {event.exception}".splitlines()[0]
                elif isinstance(event, events.NonFatalError):
                    trouble = trouble or f"{event.label}: {event.info.title}: {event.info.message}"
            if timer.is_up():
                raise Stopped
    finally:
        shutdown_lifespans()
    made = tuple(kept.entries.values())
    own = (
        miss
        for miss in near_misses(document, key_header=key_header, most=max(recipe.max_examples, _NEAR))
        if miss.id not in kept.entries
    )
    return Corpus(recipe, thinned((*made, *own), max_examples=recipe.max_examples), trouble)


class _Timer:
    """Stops the engine at a deadline, also in the middle of a scenario."""

    def __init__(self, stop: Callable[[], object], deadline: float | None) -> None:
        self._deadline = deadline
        self._timer = None
        if deadline is not None:
            self._timer = threading.Timer(max(deadline - time.monotonic(), 0), stop)
            self._timer.daemon = True
            self._timer.start()

    def is_up(self) -> bool:
        """Whether the deadline is over; it is not waited for any more."""
        if self._timer is not None:
            self._timer.cancel()
        return self._deadline is not None and time.monotonic() >= self._deadline


class _Kept:
    """The requests that were made, each once, and of random ones so many for an operation and no more."""

    def __init__(self, most: int) -> None:
        self.entries: dict[str, Entry] = {}
        self._most = most
        self._random: dict[tuple[str, Origin], int] = {}

    def note(self, recorder: ScenarioRecorder, origin: Origin) -> None:
        """Keep what a scenario sent, each request after those whose answers it needs."""
        names: dict[str, str] = {}
        for case_id, interaction in recorder.interactions.items():
            node = recorder.cases.get(case_id)
            # What a check sent of its own accord is not the corpus'.
            if node is None or (node.parent_id is not None and node.transition is None):
                continue
            entry = _entry(node, interaction, origin, names)
            # A sequence of one is fuzzing, and there is enough of that.
            if origin == "stateful" and not entry.links and not _is_parent(case_id, recorder):
                continue
            if entry.id not in self.entries:
                place = (entry.operation, origin)
                if origin in ("fuzzing", "stateful") and self._random.get(place, 0) >= self._most:
                    continue
                self._random[place] = self._random.get(place, 0) + 1
                self.entries[entry.id] = entry
            names[case_id] = entry.id


def _is_parent(case_id: str, recorder: ScenarioRecorder) -> bool:
    return any(node.parent_id == case_id and node.transition is not None for node in recorder.cases.values())


def _entry(node: CaseNode, interaction: Interaction, origin: Origin, names: Mapping[str, str]) -> Entry:
    case, sent = node.value, interaction.request
    parts = urlsplit(sent.uri)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = [
        (name.lower(), ", ".join(_text(value) for value in values))
        for name, values in sent.headers.items()
        if name.lower() not in _NOT_KEPT
    ]
    body = sent.body or b""
    links = []
    for link in _links(node, names):
        target, body, is_found = _marked(target, body, link)
        links += [link] if is_found else []
    meta = case.meta.to_dict() if case.meta is not None else None
    if meta is not None:
        # How long it took to make is not what was made; what is empty need not be stored.
        meta["generation"]["time"] = 0
        meta = {name: value for name, value in meta.items() if value or name == "components"}
    told = {
        "path_parameters": to_json_safe(case.path_parameters),
        "query": to_json_safe(case.query),
        "headers": to_json_safe({name: value for name, value in dict(case.headers).items() if value != KEY}),
        "cookies": to_json_safe(case.cookies),
        "body": encode_case_body(case.body),
        "media_type": case.media_type,
        "meta": to_json_safe(meta),
    }
    return Entry(
        operation=case.operation.label,
        origin=origin,
        method=sent.method,
        target=target,
        headers=(*headers, _USER_AGENT),
        body=body,
        expected=_expected(node, interaction),
        links=tuple(links),
        case=told,
    )


def _expected(node: CaseNode, interaction: Interaction) -> Expected:
    meta = node.value.meta
    if meta is None or node.value.method.lower() != node.value.operation.method.lower():
        return Expected.EITHER
    if has_odd_url(interaction.request.body or b""):
        return Expected.EITHER
    # Whether a mutation was one is for Schemathesis' own check to say; it knows its exceptions.
    return Expected.ACCEPTED if meta.generation.mode.is_positive and node.parent_id is None else Expected.EITHER


def _links(node: CaseNode, names: Mapping[str, str]) -> Iterator[Link]:
    parent = names.get(node.parent_id or "")
    if node.transition is None or parent is None:
        return
    for container, parameters in node.transition.parameters.items():
        place_of = _CONTAINERS.get(str(container), str(container))
        for name, extracted in parameters.items():
            found = _EXPRESSION.fullmatch(str(extracted.definition))
            if found is None or not isinstance(extracted.value, Ok):
                continue
            value = extracted.value.ok()
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
                place: Literal["body", "header"] = "body" if found["pointer"] is not None else "header"
                yield Link(
                    parent=parent,
                    place=place,
                    where=found["pointer"] if found["pointer"] is not None else found["header"].lower(),
                    mark=f"~{place_of}.{name}~",
                    recorded=str(value),
                    name=f"{place_of}.{name}",
                )


def _marked(target: str, body: bytes, link: Link) -> tuple[str, bytes, bool]:
    """The target and the body with the link's mark where its value stood, and whether it stood there."""
    container = link.name.partition(".")[0]
    if container == "path":
        path, question, query = target.partition("?")
        segments = path.split("/")
        marked = [link.mark if segment == quote(link.recorded, safe="") else segment for segment in segments]
        return "/".join(marked) + question + query, body, marked != segments
    if container == "query":
        name = link.name.partition(".")[2]
        was = f"{quote(name, safe='')}={quote(link.recorded, safe='')}"
        return target.replace(was, f"{quote(name, safe='')}={link.mark}"), body, was in target
    if container == "body":
        value = json.dumps(link.recorded).encode()
        return target, body.replace(value, json.dumps(link.mark).encode(), 1), value in body
    return target, body, False


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _configuration(recipe: Recipe, key_header: str) -> dict[str, Any]:
    return {
        "seed": recipe.seed,
        "suppress-health-check": ["all"],
        "cache": {"enabled": False},
        "headers": {key_header: KEY},
        "continue-on-failure": True,
        "workers": 1,
        "generation": {
            "max-examples": recipe.max_examples,
            "database": "none",
            "no-shrink": True,
            "exclude-header-characters": "\x00\r\n",
            "mode": "all",
        },
        # Nothing is judged here, and what a check would send besides is not wanted.
        "checks": {"enabled": False},
        "phases": {
            "examples": {"extra-data-sources": {"responses": False}},
            "coverage": {"unexpected-methods": _METHODS, "extra-data-sources": {"responses": False}},
            # What a server answers must not steer what is sent: two servers are to get the same.
            "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
        },
        "analysis": {"constants": {"enabled": False}},
    }


@contextlib.contextmanager
def _no_local_constants() -> Iterator[None]:
    # Hypothesis draws literals from whatever local modules happen to be imported: from a checkout, from a wheel
    # and from a test suite the same seed would then make different requests.
    nothing = Constants()
    original: Callable[[], Constants] = providers._get_local_constants
    providers.CONSTANTS_CACHE.cache.clear()
    providers._get_local_constants = lambda: nothing
    try:
        yield
    finally:
        providers._get_local_constants = original
        providers.CONSTANTS_CACHE.cache.clear()
