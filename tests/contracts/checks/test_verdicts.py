"""The results of several profiles come to one verdict for each claim."""

from __future__ import annotations

import pytest
from mockserver_contracts.checks.verdicts import NOT_IMPLEMENTED, CheckResult, merge_verdicts, undecided_results
from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.verdict import ClaimVerdict, Verdict
from mockserver_contracts.run.plan import RunPlan, Subject

from tests.contracts.runs import document, target_of
from tests.contracts.servers.independent import Other

CLAIM = Claim(id="a-claim", voice="prose", place="note", statement="It is\n  so.", promised_by=("page",))


def merged(*results: tuple[bool, CheckResult]) -> ClaimVerdict:
    [claim] = merge_verdicts([CLAIM], {"a-claim": results})
    return claim


@pytest.mark.parametrize(
    ("profile", "promises", "is_promised"),
    [("page", frozenset(), True), ("openapi", frozenset(), False), ("mine", frozenset({"a-claim"}), True)],
)
def test_claim_without_a_check_is_undecided(profile: str, promises: frozenset[str], *, is_promised: bool) -> None:
    subject = Subject(profile, document(), promises, lambda: target_of(Other()))
    order = RunPlan("tests", (subject,), seed=1, max_examples=1, claims=[CLAIM])
    claim = merged(*undecided_results([CLAIM], order.promised(subject), NOT_IMPLEMENTED))
    assert (claim.verdict, claim.reason, claim.promised) == ("undecided", NOT_IMPLEMENTED, is_promised)
    assert claim.statement == "It is so."


@pytest.mark.parametrize(
    ("verdicts", "merged_verdict"),
    [
        ([(True, "upheld"), (True, "undecided")], "undecided"),
        ([(True, "undecided"), (True, "violated")], "violated"),
        ([(True, "upheld"), (False, "violated")], "upheld"),
        ([(False, "upheld"), (False, "violated")], "violated"),
    ],
)
def test_gravest_result_of_the_promising_profiles_counts(
    verdicts: list[tuple[bool, Verdict]], merged_verdict: Verdict
) -> None:
    results = [(is_promised, CheckResult("a-claim", verdict, "", ())) for is_promised, verdict in verdicts]
    assert merged(*results).verdict == merged_verdict
