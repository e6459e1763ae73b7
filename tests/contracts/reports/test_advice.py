"""Every reason that a user can remove has an advice."""

from __future__ import annotations

import pytest
from mockserver_contracts.reports.advice import how_to_decide
from mockserver_contracts.target.abilities import Ability

from tests.contracts.runs import checked_on, target_of
from tests.contracts.servers.independent import Other

# Only the server's author can give it these.
_ITS_OWN = {Ability.CREATE, Ability.LIST, Ability.USAGE, Ability.ACCOUNTS}


@pytest.mark.parametrize("ability", [ability for ability in Ability if ability not in _ITS_OWN])
def test_advice_exists_for_abilities_that_a_user_can_give(ability: Ability) -> None:
    assert how_to_decide(ability.reason)


def test_advice_exists_for_claims_that_a_server_without_control_leaves_open() -> None:
    run = checked_on(target_of(Other(keys=("sk-check-tests",)), is_mock=False), rules=False)
    reasons = {event.claim.reason for event in run.claims if event.claim.verdict == "undecided"}
    assert reasons
    assert [reason for reason in reasons if not how_to_decide(reason)] == []
