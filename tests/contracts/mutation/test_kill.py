"""Every defect is killed by every check that it names.

`make test` proves a check by the first defect that names it, and each defect by one check; `make test-long` by all.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

import pytest
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.defects import DEFECTS, Defect
from mockserver_contracts.mutation.kill import Kill, kill, kill_by_named_checks
from mockserver_contracts.mutation.kill_matrix import main

from tests.contracts.mutation.short_delays import shorten_delays
from tests.matrix import IS_LONG, SEEDS


def with_fewer_names(defect: Defect) -> Defect:
    """The defect with the checks that no earlier defect names, or with one check.

    The one is a claim or a rule if it names any: the corpus takes ten times as long.
    """
    claims, rules = all_checks()
    earlier = takewhile(lambda other: other is not defect, DEFECTS.values())
    first = defect.fails.difference(*(other.fails for other in earlier))
    decided = defect.fails & (claims.keys() | rules.keys())
    return replace(defect, fails=first or frozenset({min(decided or defect.fails)}))


@pytest.mark.parametrize("name", list(DEFECTS))
def test_defect_is_found_by_every_check_that_it_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_delays(monkeypatch)
    killed = kill_by_named_checks(DEFECTS[name] if IS_LONG else with_fewer_names(DEFECTS[name]))
    assert killed.missed_by == ()


if IS_LONG:  # a whole run for each defect takes a quarter of an hour

    @pytest.mark.parametrize("name", list(DEFECTS))
    def test_defect_is_found_by_a_whole_run(name: str) -> None:
        killed = kill(DEFECTS[name])
        assert killed.missed_by == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_correct_server_has_no_finding(seed: int) -> None:
    correct = kill(None, seed=seed)
    assert correct.is_expected, (correct.found_by, correct.failure)


def test_defect_that_one_named_check_misses_is_not_killed() -> None:
    killed = Kill(DEFECTS["no-id"], ("python-sample-id-at-top-level",), None, 0, 0)
    assert not killed.is_killed
    assert killed.missed_by == ("javascript-sample-id-at-top-level", "response_schema_conformance")


def test_matrix_prints_the_named_checks_that_did_not_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Kill(DEFECTS["created-is-201"], ("success-is-200",), None, 0, 0)
    correct = Kill(None, (), None, 0, 0)
    monkeypatch.setattr(
        "mockserver_contracts.mutation.kill_matrix.kill", lambda defect: correct if defect is None else found
    )
    assert main(["created-is-201"]) == 1
    printed = capsys.readouterr().out
    assert "MISSED created-is-201" in printed
    assert "success-is-200; not by status_code_conformance" in printed
