"""Every defect is killed by a check that it names."""

from __future__ import annotations

import pytest
from mockserver_contracts.defects import DEFECTS
from mockserver_contracts.defects.transport import SlowStart
from mockserver_contracts.mutation.kill import kill, kill_by_named_checks

from tests.matrix import IS_LONG, SEEDS


@pytest.mark.parametrize("name", list(DEFECTS))
def test_defect_is_found_by_a_check_that_it_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlowStart, "seconds", 5.2)  # the limit is 5
    killed = kill_by_named_checks(DEFECTS[name])
    assert killed.is_killed, killed.found_by


if IS_LONG:  # a whole run for each defect takes a quarter of an hour

    @pytest.mark.parametrize("name", list(DEFECTS))
    def test_defect_is_found_by_a_whole_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(SlowStart, "seconds", 5.2)
        killed = kill(DEFECTS[name])
        assert killed.is_killed, killed.found_by


@pytest.mark.parametrize("seed", SEEDS)
def test_correct_server_has_no_finding(seed: int) -> None:
    correct = kill(None, seed=seed)
    assert correct.is_expected, (correct.found_by, correct.failure)
