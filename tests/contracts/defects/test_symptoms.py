"""Each defect does what it says, and the correct server does not."""

from __future__ import annotations

import pytest
from mockserver_contracts.defects import DEFECTS
from mockserver_contracts.defects.transport import LongTextIsSlow, SlowStart

from tests.contracts.defects.defective_mock import a_mock_with
from tests.contracts.defects.symptoms import SYMPTOMS


def test_defects_and_symptoms_are_one_to_one() -> None:
    assert SYMPTOMS.keys() == DEFECTS.keys()


@pytest.mark.parametrize("name", DEFECTS)
def test_symptom_appears_with_its_defect_only(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlowStart, "seconds", 0.1)
    monkeypatch.setattr(LongTextIsSlow, "seconds", 0.1)
    profile = DEFECTS[name].profile
    with a_mock_with(profile=profile) as correct:
        assert not SYMPTOMS[name](correct)
    with a_mock_with(DEFECTS[name], profile=profile) as wrong:
        assert SYMPTOMS[name](wrong)
