"""Schemathesis generates the requests of a corpus: examples, coverage, fuzzing, and sequences along links.

Its engine runs once against the sample server. The requests are recorded, the responses are not.
"""

from __future__ import annotations

import contextlib
import copy
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

import schemathesis
from hypothesis.errors import Unsatisfiable
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.config import SchemathesisConfig
from schemathesis.core.errors import (
    InvalidRegexPattern,
    InvalidSchema,
    InvalidStateMachine,
    SerializationNotPossible,
    UnsupportedRegexPattern,
)
from schemathesis.engine import events, from_schema
from schemathesis.python.asgi import shutdown_lifespans

from mockserver_contracts.corpus.corpus import Corpus, Recipe
from mockserver_contracts.corpus.entry import KEY, Origin
from mockserver_contracts.corpus.generation.recording import EntryRecorder
from mockserver_contracts.corpus.near_misses import near_misses
from mockserver_contracts.corpus.sample_server import SampleServer
from mockserver_contracts.corpus.sampling import sample_by_share

# The fewest near misses of an operation; they all differ, so few examples do not reduce them further.
_NEAR: Final = 30
# What Schemathesis cannot do: write a media type, find a value for a schema, or read a pattern, a variable's name or a
# link. The mock has read the document, so its faults are reported already. Other errors are no such limits.
_LIMITS: Final = (
    *(SerializationNotPossible, Unsatisfiable, InvalidSchema),
    *(InvalidRegexPattern, UnsupportedRegexPattern, InvalidStateMachine),
)
_METHODS: Final = ["get", "put", "post", "delete", "options", "patch", "trace", "query"]


class GenerationStopped(Exception):
    """The deadline came before the corpus was complete."""


def generate(document: Mapping[str, Any], recipe: Recipe, *, key_header: str, deadline: float | None = None) -> Corpus:
    """Generate the recipe's corpus; raises GenerationStopped at the deadline, which is a monotonic time."""
    # Without `servers`, no request can reach a real address. The engine writes to the document, so it gets a copy.
    bare = copy.deepcopy({name: value for name, value in document.items() if name != "servers"})
    schema = schemathesis.openapi.from_dict(
        bare, config=SchemathesisConfig.from_dict(_configuration(recipe, key_header))
    )
    schema.app = SampleServer(document)
    recorder = EntryRecorder(recipe.max_examples)
    trouble: str | None = None
    untested: dict[str, str] = {}
    try:
        with _no_local_constants():
            stream = from_schema(schema).execute()
            timer = _Timer(stream.stop, deadline)
            for event in stream:
                if isinstance(event, events.ScenarioFinished):
                    recorder.record(event.recorder, cast(Origin, event.phase.value))
                elif isinstance(event, events.FatalError):
                    trouble = trouble or f"{type(event.exception).__name__}: {event.exception}".splitlines()[0]
                elif isinstance(event, events.NonFatalError) and isinstance(event.value, _LIMITS):
                    untested.setdefault(event.label, event.info.message.partition("\n")[0].rstrip("."))
                elif isinstance(event, events.NonFatalError):
                    trouble = trouble or f"{event.label}: {event.info.title}: {event.info.message}"
            if timer.is_up():
                raise GenerationStopped
    finally:
        shutdown_lifespans()
    generated = tuple(recorder.entries.values())
    further = (
        miss
        for miss in near_misses(document, key_header=key_header, most=max(recipe.max_examples, _NEAR))
        if miss.id not in recorder.entries
    )
    entries = sample_by_share((*generated, *further), max_examples=recipe.max_examples)
    return Corpus(recipe, entries, trouble, tuple(untested.items()))


class _Timer:
    """Stops the engine at a deadline, even within a scenario."""

    def __init__(self, stop: Callable[[], object], deadline: float | None) -> None:
        self._deadline = deadline
        self._timer = None
        if deadline is not None:
            self._timer = threading.Timer(max(deadline - time.monotonic(), 0), stop)
            self._timer.daemon = True
            self._timer.start()

    def is_up(self) -> bool:
        """The deadline is over. The timer is cancelled."""
        if self._timer is not None:
            self._timer.cancel()
        return self._deadline is not None and time.monotonic() >= self._deadline


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
        # The generation judges nothing, and a check might send requests of its own.
        "checks": {"enabled": False},
        "phases": {
            "examples": {"extra-data-sources": {"responses": False}},
            "coverage": {"unexpected-methods": _METHODS, "extra-data-sources": {"responses": False}},
            # Responses must not influence the requests: every server gets the same.
            "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
        },
        "analysis": {"constants": {"enabled": False}},
    }


@contextlib.contextmanager
def _no_local_constants() -> Iterator[None]:
    # Hypothesis draws literals from the local modules that are imported. The same seed would generate other
    # requests in a checkout, from a wheel and in a test suite.
    nothing = Constants()
    original: Callable[[], Constants] = providers._get_local_constants
    providers.CONSTANTS_CACHE.cache.clear()
    providers._get_local_constants = lambda: nothing
    try:
        yield
    finally:
        providers._get_local_constants = original
        providers.CONSTANTS_CACHE.cache.clear()
