"""The narrowing of a run to what finds one finding again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mockserver_contracts.results.claims import load_claims
from mockserver_contracts.results.finding import RULE_PREFIX, FindingKind
from mockserver_contracts.run.plan import RunPlan


@dataclass(frozen=True, slots=True)
class FindingName:
    """The parts of a finding by which a run finds it again."""

    id: str
    kind: FindingKind
    check: str
    operation: str


def narrowed_plans(plan: RunPlan, finding: FindingName) -> Iterator[RunPlan]:
    """The plans that may show the finding again: its check alone, then everything.

    A check may find less alone: a server that tires is fresh then.
    """
    yield _alone(plan, finding)
    yield plan


def _alone(plan: RunPlan, finding: FindingName) -> RunPlan:
    claims = [claim for claim in load_claims() if claim.id == finding.check]
    if claims:
        return replace(plan, claims=claims, rules=False, fuzz=False)
    if finding.check.startswith(RULE_PREFIX):
        return replace(plan, claims=None, rule_names=frozenset({finding.check}), fuzz=False)
    return replace(plan, claims=None, rules=False, operations=frozenset({finding.operation}))
