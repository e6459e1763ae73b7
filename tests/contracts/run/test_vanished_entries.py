"""An entry of a baseline has vanished only after a run whose check looked for its finding to the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.search import SearchRecorded
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.results.events import FindingAccepted, FindingVanished
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.undecided import Undecided

from tests.contracts.baseline.files import FILE, TODAY
from tests.contracts.runs import CLAIMS, Run, checked_on, target_of
from tests.contracts.servers.independent import Other

CLAIM = "session-expires-after-24-hours"
ONE = [claim for claim in CLAIMS if claim.id == CLAIM]


def run_that_finds(monkeypatch: pytest.MonkeyPatch, baseline: Baseline, *causes: str | Exception) -> Run:
    """A run whose claim is violated by each cause in turn, or ends with an exception."""

    def body(context: CheckContext) -> Iterator[Finding]:
        answer = context.account().create(dollars=5).answer
        for cause in causes:
            if isinstance(cause, Exception):
                raise cause
            yield context.violation(answer, cause, expected="something else")

    claims, _ = all_checks()
    monkeypatch.setitem(claims, CLAIM, replace(claims[CLAIM], needs=frozenset(), body=body))
    target = target_of(Other(), is_mock=False)
    return checked_on(target, claims=ONE, rules=False, baseline=baseline, updates_baseline=True)


@pytest.mark.parametrize(
    ("causes", "is_vanished"),
    [
        ((), True),
        (("b",), True),
        (("b", "a"), False),
        ((Undecided("no clock"),), False),
        (("b", Undecided("no clock")), False),
        ((KeyError("x"),), False),
    ],
    ids=str,
)
def test_entry_vanishes_if_its_check_ran_to_its_end(
    monkeypatch: pytest.MonkeyPatch, causes: tuple[str | Exception, ...], *, is_vanished: bool
) -> None:
    empty = Baseline.empty(FILE, TODAY)
    first = run_that_finds(monkeypatch, empty, "a")
    [search] = [event for event in first.events if isinstance(event, SearchRecorded)]
    [new] = [event for event in first.events if isinstance(event, FindingAccepted)]
    assert (search.id, search.search.check, new.is_new) == (new.id, CLAIM, True)
    baseline = empty.merge([empty.new_entry(new.id, new.title, search.search)])
    second = run_that_finds(monkeypatch, baseline, *causes)
    vanished = [event.id for event in second.events if isinstance(event, FindingVanished)]
    assert vanished == [new.id] * is_vanished
