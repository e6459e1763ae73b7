"""The claims of the page, and the profiles that promise them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from mockserver_contracts.results.claims import load_claims
from mockserver_contracts.run.plan import RunPlan, Subject
from mockserver_contracts.target.target import Target

from mockserver.contract import bundled_profiles, load
from tests.contracts.runs import CLAIMS, document


def never() -> Target:
    raise AssertionError


def a_subject(profile: str, *promises: str) -> Subject:
    return Subject(profile, document(), frozenset(promises), never)


def an_order(subject: Subject) -> RunPlan:
    return RunPlan("tests", (subject,), seed=1, max_examples=1, claims=CLAIMS)


def test_claims_are_loaded_once_and_cannot_be_changed() -> None:
    assert load_claims() is load_claims()
    with pytest.raises(FrozenInstanceError):
        load_claims()[0].id = "another"  # type: ignore[misc]  # frozen, which this test shows


def test_text_of_a_claim_is_one_line() -> None:
    assert replace(CLAIMS[0], statement="It is\n  so.\n").text == "It is so."


@pytest.mark.parametrize("name", bundled_profiles())
def test_bundled_profile_promises_the_claims_that_name_it(name: str) -> None:
    subject = a_subject(name, *load(name)[1].promises)
    assert an_order(subject).promised(subject) == {claim.id for claim in CLAIMS if name in claim.promised_by}


def test_profile_of_a_user_promises_the_claims_of_its_file() -> None:
    subject = a_subject("mine", "success-is-200")
    assert an_order(subject).promised(subject) == {"success-is-200"}
