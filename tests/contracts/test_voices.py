"""Whom a server follows where the voices contradict each other."""

from __future__ import annotations

from typing import Any

import pytest
from mockserver_contracts.reports.voices import contradictions
from mockserver_contracts.results.finding import Verdict

from tests.contracts.sample_events import page_claims

UPHELD: Verdict = "upheld"
VIOLATED: Verdict = "violated"
UNDECIDED: Verdict = "undecided"


def a_claim(name: str, voice: str, *others: str) -> dict[str, Any]:
    return {"id": name, "voice": voice, "contradicts": list(others)}


PAIR = (a_claim("whole", "prose", "any"), a_claim("any", "openapi", "whole"))


@pytest.mark.parametrize(
    ("whole", "any_number", "side", "sides_with"),
    [
        (UPHELD, VIOLATED, "one", "prose"),
        (VIOLATED, UPHELD, "one", "openapi"),
        (UPHELD, UPHELD, "several", "prose, openapi"),
        (VIOLATED, VIOLATED, "none", None),
        (UPHELD, UNDECIDED, "undecided", None),
        (UNDECIDED, VIOLATED, "undecided", None),
        (UNDECIDED, UNDECIDED, "undecided", None),
    ],
)
def test_a_server_follows_the_voices_it_upholds_once_all_are_decided(
    whole: Verdict, any_number: Verdict, side: str, sides_with: str | None
) -> None:
    [found] = contradictions(PAIR, {"whole": whole, "any": any_number})
    assert (found.claims, found.side, found.sides_with) == (("whole", "any"), side, sides_with)


def test_a_claim_without_a_verdict_is_undecided() -> None:
    assert [each.side for each in contradictions(PAIR, {"whole": UPHELD})] == ["undecided"]


def test_who_contradicts_is_contradicted_even_if_only_one_says_so() -> None:
    one_sided = (a_claim("whole", "prose"), a_claim("any", "openapi", "whole", "a-claim-that-is-none", "any"))
    assert [each.name for each in contradictions(one_sided, {})] == ["whole / any"]


def test_claims_that_contradict_only_a_third_are_two_contradictions() -> None:
    claims = (a_claim("id", "python-sample", "data"), a_claim("data", "openapi", "url"), a_claim("url", "prose"))
    assert [each.claims for each in contradictions(claims, {})] == [("id", "data"), ("data", "url")]


def test_claims_that_all_contradict_each_other_are_one_contradiction() -> None:
    claims = (a_claim("a", "prose", "b", "c"), a_claim("b", "python-sample", "c"), a_claim("c", "openapi"))
    [found] = contradictions(claims, {"a": VIOLATED, "b": UPHELD, "c": UPHELD})
    assert (found.claims, found.follows) == (("a", "b", "c"), ("python-sample", "openapi"))


def test_every_pair_that_the_page_contradicts_itself_in_is_in_a_contradiction() -> None:
    found = contradictions(page_claims(), {})
    for claim in page_claims():
        for other in claim["contradicts"]:
            assert any({claim["id"], other} <= set(each.claims) for each in found)
    assert len({each.name for each in found}) == len(found) == 6


def test_claims_without_a_contradiction_and_no_claims_at_all_have_none() -> None:
    assert contradictions((a_claim("a", "prose"),), {}) == ()
    assert contradictions((), {}) == ()
