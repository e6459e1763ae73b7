"""The harness finds every defect by a check that the defect names: one whole run for each."""

from __future__ import annotations

import pytest
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.defects import DEFECTS
from mockserver_contracts.defects.transport import SlowStart
from mockserver_contracts.mutation.kill import PROFILE, kill

from mockserver.contract import load
from tests.contracts.defects.test_registry import FUZZ
from tests.contracts.runs import SEEDS


@pytest.mark.parametrize("name", list(DEFECTS))
def test_a_defect_is_found_by_a_check_that_it_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlowStart, "seconds", 5.2)  # 5 are allowed
    killed = kill(DEFECTS[name])
    assert killed.is_killed, killed.found_by


@pytest.mark.parametrize("seed", SEEDS)
def test_the_correct_server_goes_free(seed: int) -> None:
    correct = kill(None, seed=seed)
    assert correct.is_as_it_should_be, (correct.found_by, correct.failure)


def test_each_check_that_can_fail_is_named_by_a_defect() -> None:
    claims, rules = all_checks()
    promised = claims.keys() & set(load(PROFILE)[1].promises)
    named = frozenset[str]().union(*(defect.fails for defect in DEFECTS.values()))
    assert (promised | rules.keys()) - named == set()
    assert named - FUZZ - claims.keys() - rules.keys() == set()
