"""A time budget is kept within a second, whichever part of a run it ends in."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.run.run import run_plan
from mockserver_contracts.target.target import open_target
from mockserver_contracts.target.transport.http_transport import HttpTransport

from tests.contracts.runs import CLAIMS, Run, document
from tests.contracts.servers.independent import Other
from tests.contracts.servers.local import Slow, serving
from tests.matrix import IS_LONG

PARTS: dict[str, dict[str, Any]] = {
    "claims": {},
    "rules": {"claims": None, "fuzz": False},
    "corpus": {"claims": None, "rules": False},
    "corpus that has to be made": {"claims": None, "rules": False, "seed": 99, "max_examples": 100_000},
}


@pytest.mark.parametrize("budget", [0.5, 2.0] if IS_LONG else [0.5])
@pytest.mark.parametrize("part", PARTS)
def test_time_budget_is_kept_within_a_second(part: str, budget: float) -> None:
    order: dict[str, Any] = {"seed": 1, "max_examples": 50, "claims": CLAIMS, **PARTS[part]}
    with serving(Slow(Other(control=True), seconds=0.05)) as url:
        keys = {"VIDEO_DB_API_KEY": "sk-tests"}
        target = open_target(url, document(), keys, token_env=None)
        subject = Subject("page", document(), frozenset(), lambda: target)
        # What is imported once is no part of what is measured.
        list(run_plan(RunPlan("tests", (subject,), time_budget=0.01, **order)))
        target = open_target(url, document(), keys, token_env=None)
        began = time.monotonic()
        run = Run(tuple(run_plan(RunPlan("tests", (subject,), time_budget=budget, **order))))
        took = time.monotonic() - began
    assert took < budget + 1
    assert run.end.stopped == "the time budget is spent"
    assert run.end.exit_code == 3
    if part == "claims":
        reasons = {event.claim.reason for event in run.claims if event.claim.verdict == "undecided"}
        assert "time budget" in reasons


def test_hanging_server_does_not_outlive_the_time_budget() -> None:
    with serving(Slow(Other(is_mock=True), seconds=0.0)) as url:
        target = open_target(url, document(), {}, token_env=None)
        began = time.monotonic()
        with serving(Slow(Other(), seconds=30)) as silent:
            # It hangs once the run is under way: before, there would be nothing to test.
            subject = Subject("page", document(), frozenset(), lambda: replace(target, transport=HttpTransport(silent)))
            run = Run(
                tuple(run_plan(RunPlan("tests", (subject,), seed=1, max_examples=50, time_budget=1.0, claims=CLAIMS)))
            )
            took = time.monotonic() - began
    assert took < 2.5
    assert run.end.requests_sent == 1
    assert run.verdicts("undecided") | run.verdicts("undecided", promised=False) == {claim.id for claim in CLAIMS}
