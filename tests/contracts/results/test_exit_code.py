"""The exit code of a run."""

from __future__ import annotations

import pytest
from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.events import (
    RunFailure,
)
from mockserver_contracts.results.exit_code import exit_code
from mockserver_contracts.results.verdict import ClaimVerdict

from tests.contracts.reports.runs import (
    a_finding,
)

CLAIM = Claim(id="a-claim", voice="prose", place="a place", statement="It is\n  so.", promised_by=("page",))


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        ("error", {"error"}, 1),
        ("warning", {"error"}, 0),
        ("warning", {"error", "warning"}, 1),
        ("info", {"error", "warning"}, 0),
        ("info", {"error", "warning", "info"}, 1),
    ],
)
def test_exit_code_follows_the_severities_of_fail_on(severity: str, fail_on: set[str], code: int) -> None:
    assert exit_code([a_finding(severity=severity)], [], failure=None, fail_on=frozenset(fail_on)) == code


def test_undecided_claims_fail_a_run_only_by_fail_on_and_if_promised() -> None:
    claims, others = (
        [ClaimVerdict("a-claim", "prose", "It is so.", promised, "undecided", "not implemented", ())]
        for promised in (True, False)
    )
    assert exit_code([], claims, failure=None, fail_on=frozenset({"error"})) == 0
    assert exit_code([], claims, failure=None, fail_on=frozenset({"error", "undecided"})) == 1
    assert exit_code([], others, failure=None, fail_on=frozenset({"error", "undecided"})) == 0


def test_untested_target_is_neither_a_pass_nor_a_contract_failure() -> None:
    failure = RunFailure("died", "it died")
    assert exit_code([a_finding()], [], failure=failure, fail_on=frozenset()) == 3
