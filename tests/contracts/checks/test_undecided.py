"""Claims without a check."""

from __future__ import annotations

from mockserver_contracts.checks.runner import NOT_IMPLEMENTED, undecided
from mockserver_contracts.results.claims import Claim

CLAIM = Claim(id="a-claim", voice="prose", place="a place", statement="It is\n  so.", promised_by=("page",))


def test_claim_without_a_check_is_undecided() -> None:
    [claim] = undecided([CLAIM], frozenset({"page"}), frozenset())
    assert (claim.verdict, claim.reason, claim.promised) == ("undecided", NOT_IMPLEMENTED, True)
    assert claim.statement == "It is so."
    [elsewhere] = undecided([CLAIM], frozenset({"openapi"}), frozenset())
    [promised] = undecided([CLAIM], frozenset({"mine"}), frozenset({"a-claim"}))
    assert (elsewhere.promised, promised.promised) == (False, True)
