"""No check is idle: with its body emptied, the harness misses a defect that names it.

`make test-long` empties every check, `make test` one of sixteen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest
from mockserver_contracts.checks import runner
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.checks.every_exchange import REFUSAL_BODY, unanswered_request
from mockserver_contracts.defects import DEFECTS
from mockserver_contracts.exchange import Exchange
from mockserver_contracts.fuzz import triage
from mockserver_contracts.fuzz.schemathesis_checks import CheckFailure, SchemathesisChecks
from mockserver_contracts.fuzz.triage import NOT_ACCEPTED, NOT_REFUSED, Triage
from mockserver_contracts.mutation.kill import kill_by_named_checks
from mockserver_contracts.replay.replay import CorpusExchange
from mockserver_contracts.replay.side_effects import CHECK as SIDE_EFFECTS
from mockserver_contracts.replay.side_effects import SideEffects
from mockserver_contracts.results.finding import Finding

from tests.contracts.mutation.short_delays import shorten_delays
from tests.matrix import IS_LONG

Emptied = Callable[[pytest.MonkeyPatch], None]

CLAIMS, RULES = all_checks()
NAMED: Final = sorted(frozenset[str]().union(*(defect.fails for defect in DEFECTS.values())))
SAMPLE: Final = NAMED if IS_LONG else NAMED[5::16]


@contextmanager
def without_the_check(name: str) -> Iterator[None]:
    """The harness with an empty body in place of the check's."""
    with pytest.MonkeyPatch.context() as patch:
        shorten_delays(patch)
        for checks in (CLAIMS, RULES):
            if name in checks:
                patch.setitem(checks, name, replace(checks[name], body=lambda _: ()))
        _OF_EXCHANGES.get(name, _without_failures_of(name))(patch)
        yield


def _without_failures_of(name: str) -> Emptied:
    """Schemathesis does not apply the check."""
    real = SchemathesisChecks.failures

    def failures(checks: SchemathesisChecks, exchange: CorpusExchange) -> Iterator[CheckFailure]:
        return (each for each in real(checks, exchange) if each.check != name)

    return lambda patch: patch.setattr(SchemathesisChecks, "failures", failures)


def _without_error_bodies(patch: pytest.MonkeyPatch) -> None:
    for module in (runner, triage):
        patch.setattr(module, "check_error_body", lambda *_: ())


def _without_unanswered(patch: pytest.MonkeyPatch) -> None:
    def under_no_name(operation: str, exchange: Exchange) -> Finding:
        return replace(unanswered_request(operation, exchange), check="none")

    for module in (runner, triage):
        patch.setattr(module, "unanswered_request", under_no_name)


_OF_EXCHANGES: Final[dict[str, Emptied]] = {
    REFUSAL_BODY: _without_error_bodies,
    "every_request_is_answered": _without_unanswered,
    SIDE_EFFECTS: lambda patch: patch.setattr(SideEffects, "findings", lambda _: ()),
    NOT_ACCEPTED: lambda patch: patch.setattr(Triage, "_add_near_miss", lambda *_: None),
    NOT_REFUSED: lambda patch: patch.setattr(Triage, "_add_near_miss", lambda *_: None),
}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_defect_is_missed_without_the_check(name: str) -> None:
    defects = [replace(defect, fails=frozenset({name})) for defect in DEFECTS.values() if name in defect.fails]
    with without_the_check(name):
        assert any(not kill_by_named_checks(defect).is_killed for defect in defects)
