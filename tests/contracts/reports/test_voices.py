"""A server follows the voices whose claims it upholds."""

from __future__ import annotations

import pytest
from mockserver_contracts.reports.voices import find_contradictions
from mockserver_contracts.results.claims import Claim, Voice
from mockserver_contracts.results.verdict import Verdict

from tests.contracts.runs import CLAIMS

UPHELD: Verdict = "upheld"
VIOLATED: Verdict = "violated"
UNDECIDED: Verdict = "undecided"


def a_claim(name: str, voice: Voice, *others: str) -> Claim:
    return Claim(id=name, voice=voice, place="a place", statement="It is so.", contradicts=others)


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
def test_server_follows_the_upheld_voices_once_all_claims_are_decided(
    whole: Verdict, any_number: Verdict, side: str, sides_with: str | None
) -> None:
    [found] = find_contradictions(PAIR, {"whole": whole, "any": any_number})
    assert (found.claims, found.alignment, found.sides_with) == (("whole", "any"), side, sides_with)


def test_claim_without_a_verdict_leaves_the_contradiction_undecided() -> None:
    assert [each.alignment for each in find_contradictions(PAIR, {"whole": UPHELD})] == ["undecided"]


def test_contradiction_named_by_one_claim_holds_for_both() -> None:
    one_sided = (a_claim("whole", "prose"), a_claim("any", "openapi", "whole", "a-claim-that-is-none", "any"))
    assert [each.name for each in find_contradictions(one_sided, {})] == ["whole / any"]


def test_two_claims_that_contradict_a_third_make_two_contradictions() -> None:
    claims = (a_claim("id", "python-sample", "data"), a_claim("data", "openapi", "url"), a_claim("url", "prose"))
    assert [each.claims for each in find_contradictions(claims, {})] == [("id", "data"), ("data", "url")]


def test_claims_that_all_contradict_each_other_make_one_contradiction() -> None:
    claims = (a_claim("a", "prose", "b", "c"), a_claim("b", "python-sample", "c"), a_claim("c", "openapi"))
    [found] = find_contradictions(claims, {"a": VIOLATED, "b": UPHELD, "c": UPHELD})
    assert (found.claims, found.follows) == (("a", "b", "c"), ("python-sample", "openapi"))


def test_contradicting_pairs_of_the_page_are_all_in_a_contradiction() -> None:
    found = find_contradictions(CLAIMS, {})
    for claim in CLAIMS:
        for other in claim.contradicts:
            assert any({claim.id, other} <= set(each.claims) for each in found)
    assert len({each.name for each in found}) == len(found) == 6


def test_claims_without_contradictions_have_none() -> None:
    assert find_contradictions((a_claim("a", "prose"),), {}) == ()
    assert find_contradictions((), {}) == ()
