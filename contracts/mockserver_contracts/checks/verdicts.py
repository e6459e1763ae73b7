"""The results of checks, and one verdict for each claim from the results of several profiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.results.verdict import ClaimVerdict, Verdict

NOT_IMPLEMENTED: Final = "not implemented"
_GRAVITY: Final[tuple[Verdict, ...]] = ("violated", "failed", "undecided", "upheld")


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict of a check on one target, and the findings that count."""

    name: str
    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...]
    # The exception that ended the check. It may have found something before.
    failure: str = ""
    # The check ran to its end: nothing kept it from looking for all of its findings.
    is_finished: bool = True
    # The ids of findings that are not reported: each shows the same claim violated in the same operation.
    repeated: frozenset[str] = frozenset()


def undecided_results(
    claims: Iterable[Claim], promised: frozenset[str], reason: str
) -> Iterator[tuple[bool, CheckResult]]:
    """Leave each claim undecided for the reason; each result comes with whether the claim is promised."""
    for claim in claims:
        yield claim.id in promised, CheckResult(claim.id, "undecided", reason, (), is_finished=False)


def merge_verdicts(
    claims: Sequence[Claim], results: Mapping[str, Sequence[tuple[bool, CheckResult]]]
) -> Iterator[ClaimVerdict]:
    """Merge the results of each claim into the gravest.

    If a profile promises the claim, only the results of such profiles count.
    """
    for claim in claims:
        of_claim = results.get(claim.id, ())
        promised = [result for is_promised, result in of_claim if is_promised]
        gravest = _gravest(promised or [result for _, result in of_claim])
        ids = {finding.id: None for result in promised for finding in result.findings}
        yield ClaimVerdict(
            id=claim.id,
            voice=claim.voice,
            statement=claim.text,
            promised=bool(promised),
            verdict=gravest.verdict,
            reason=gravest.reason,
            evidence=tuple(ids) if gravest.verdict == "violated" else (),
        )


def _gravest(results: Sequence[CheckResult]) -> CheckResult:
    return min(results, key=lambda result: _GRAVITY.index(result.verdict))
