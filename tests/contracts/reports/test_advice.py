"""Each reason for an undecided claim has a remedy."""

from __future__ import annotations

import pytest
from mockserver_contracts.reports.advice import how_to_decide
from mockserver_contracts.target.abilities import Ability

from tests.contracts.other import Other
from tests.contracts.running import checked_on, target_of

# No option of a run supplies these.
_ITS_OWN = {Ability.CREATE, Ability.LIST, Ability.USAGE, Ability.ACCOUNTS}


@pytest.mark.parametrize("ability", [ability for ability in Ability if ability not in _ITS_OWN])
def test_ability_has_a_remedy(ability: Ability) -> None:
    assert how_to_decide(ability.reason)


def test_every_undecided_claim_without_a_control_api_has_a_remedy() -> None:
    run = checked_on(target_of(Other(keys=("sk-check-tests",)), is_mock=False), rules=False)
    reasons = {event.claim.reason for event in run.claims if event.claim.verdict == "undecided"}
    assert reasons
    assert [reason for reason in reasons if not how_to_decide(reason)] == []
