"""For whatever a target does not let one see, it is said what would let one."""

from __future__ import annotations

import pytest
from mockserver_contracts.target.abilities import Ability, how_to_decide

from tests.contracts.runs import checked_on, target_of
from tests.contracts.servers.independent import Other

# Only the server's author can give it these.
_ITS_OWN = {Ability.CREATE, Ability.LIST, Ability.USAGE, Ability.ACCOUNTS}


@pytest.mark.parametrize("ability", [ability for ability in Ability if ability not in _ITS_OWN])
def test_what_an_ability_would_take_is_said(ability: Ability) -> None:
    assert how_to_decide(ability.reason)


def test_for_each_claim_that_a_server_without_a_control_api_leaves_open_it_is_said_what_would_decide_it() -> None:
    run = checked_on(target_of(Other(keys=("sk-check-tests",)), is_mock=False), rules=False)
    reasons = {event.claim.reason for event in run.claims if event.claim.verdict == "undecided"}
    assert reasons
    assert [reason for reason in reasons if not how_to_decide(reason)] == []
