"""The goals that no exchange reached, in the groups and words of every rendering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from mockserver.coverage.goals import INVALID, LEFT_OUT, OTHER_TYPE, VALID, Goal
from mockserver.coverage.report.coverage_report import CLAIM, OperationCoverage

KIND_NAMES: Final = {
    "operation": "operations",
    "status": "statuses",
    "response_type": "response types",
    "request_type": "request types",
    "body": "bodies",
    "parameter": "parameters",
    "keyword": "schema keywords",
    CLAIM: "claims of the page",
}


class Misses(NamedTuple):
    """Goals of an operation that no exchange reached, under one heading."""

    heading: str
    labels: tuple[str, ...]


def misses_of(operation: OperationCoverage) -> Iterator[Misses]:
    """The groups of missed goals; none is empty."""
    missed = [each.goal for each in operation.goals if not each.exchanges]
    statuses = [goal for goal in missed if goal.kind == "status"]
    if statuses:
        yield Misses("never answered", tuple(goal.subject for goal in statuses))
    # a type of a status that was never answered is told with the status
    unanswered = {goal.subject for goal in statuses}
    types = [each for each in missed if each.kind == "response_type" and each.subject.split()[0] not in unanswered]
    if types:
        yield Misses("never answered with", tuple(f"{goal.label}" for goal in types))
    given = [goal for goal in missed if goal.kind in ("request_type", "body", "parameter", "keyword")]
    for case, heading in ((VALID, "never given valid"), (INVALID, "never given invalid")):
        if labels := tuple(goal.label for goal in given if goal.case == case):
            yield Misses(heading, labels)
    if others := tuple(_label(goal) for goal in given if goal.case not in (VALID, INVALID)):
        yield Misses("never sent", others)


def _label(goal: Goal) -> str:
    if goal.case == LEFT_OUT:
        return f"a request without the {goal.label}"
    return "a body of another type" if goal.case == OTHER_TYPE else goal.label
