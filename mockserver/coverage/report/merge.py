"""The merge of reports: of the workers of a test run, of several mocks, or of several contracts.

Rule 1: the merge of the parts is the report of the whole, in any order. Rows keep the order of the first report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from mockserver.coverage.report.coverage_report import (
    ClaimCoverage,
    CountedGoal,
    CoverageReport,
    OperationCoverage,
)

Row = TypeVar("Row")
EMPTY = CoverageReport((), 0, 0, (), ())


def merge_reports(reports: Iterable[CoverageReport]) -> CoverageReport:
    """The reports as one."""
    merged = EMPTY
    for report in reports:
        merged = CoverageReport(
            contracts=tuple(dict.fromkeys((*merged.contracts, *report.contracts))),
            exchanges=merged.exchanges + report.exchanges,
            outside=merged.outside + report.outside,
            operations=_operations(merged.operations, report.operations),
            claims=_claims(merged.claims, report.claims),
        )
    return merged


def _operations(
    ours: tuple[OperationCoverage, ...], theirs: tuple[OperationCoverage, ...]
) -> tuple[OperationCoverage, ...]:
    by_name = {each.name: each for each in ours}
    for each in theirs:
        known = by_name.get(each.name)
        by_name[each.name] = each if known is None else _operation(known, each)
    return tuple(by_name.values())


def _operation(ours: OperationCoverage, theirs: OperationCoverage) -> OperationCoverage:
    goals: dict[Hashable, CountedGoal] = {each.goal.key: each for each in ours.goals}
    for each in theirs.goals:
        known = goals.get(each.goal.key)
        goals[each.goal.key] = each if known is None else CountedGoal(known.goal, known.exchanges + each.exchanges)
    return replace(ours, goals=tuple(goals.values()), surprises=_sum(ours.surprises, theirs.surprises))


def _sum(ours: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted((Counter(ours) + Counter(theirs)).items()))


def _claims(ours: tuple[ClaimCoverage, ...], theirs: tuple[ClaimCoverage, ...]) -> tuple[ClaimCoverage, ...]:
    by_id = {each.id: each for each in ours}
    for each in theirs:
        known = by_id.get(each.id)
        by_id[each.id] = each if known is None else replace(known, count=known.count + each.count)
    return tuple(by_id.values())
