"""The groups of a run's findings: those with one cause stand together, so that a reader mends one thing at a time.

Rule 1: a group leaves every finding as it is; a baseline accepts findings, not groups.
Rule 2: the findings of a claim or a rule are one group, because one sentence is broken.
Rule 3: any other check makes a group of the places (operation and pointer) that fail in the same ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from mockserver_contracts.results.finding import RULE_PREFIX, Finding, rank

_Place = tuple[str, str, str, str, str]
Reported = TypeVar("Reported")


def group_by_cause(
    reported: Sequence[Reported], finding_of: Callable[[Reported], Finding]
) -> tuple[tuple[Reported, ...], ...]:
    """Group what reports findings. The groups come in the order of a report, as do the members of each."""

    def place_in_report(each: Reported) -> tuple[bool, int, int, int]:
        return rank(finding_of(each))

    places: dict[_Place, list[Reported]] = {}
    for each in sorted(reported, key=place_in_report):
        places.setdefault(_place_of(finding_of(each)), []).append(each)
    groups: dict[tuple[str, ...], list[Reported]] = {}
    for place, members in places.items():
        causes = {finding_of(each).cause for each in members}
        groups.setdefault(_group_of(place, causes), []).extend(members)
    return tuple(tuple(sorted(group, key=place_in_report)) for group in groups.values())


def _place_of(finding: Finding) -> _Place:
    if finding.kind == "claim" or finding.check.startswith(RULE_PREFIX):
        return finding.kind, finding.check, "", "", ""
    # A near miss names its member, or its media type, before the colon.
    family = finding.cause.partition(":")[0] if not finding.pointer else ""
    return finding.kind, finding.check, finding.operation, finding.pointer, family


def _group_of(place: _Place, causes: set[str]) -> tuple[str, ...]:
    kind, check, operation, *_ = place
    # The places of a claim or a rule are one already.
    return (kind, check, *sorted(causes)) if operation else (kind, check)
