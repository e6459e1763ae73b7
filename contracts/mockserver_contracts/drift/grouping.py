"""Many differences with one cause are one: a server that refuses everything drifts once, not a hundred times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mockserver_contracts.results.finding import Finding

# So many kinds of request with the same fate, or steps with the same fact, have one cause.
_KINDS: Final = 12
_STEPS: Final = 3
_NAMED: Final = 6
# What is the same in the answers of more operations than there may be steps is said once.
_OF_BODIES: Final = frozenset({"drift-media-type", "drift-missing", "drift-type"})


def grouped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, those of one cause joined; the smallest request stands for all."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_place(finding), []).append(finding)
    return tuple(each for place, group in groups.items() for each in _joined(place, group))


def _place(finding: Finding) -> tuple[str, str, str]:
    if finding.check == "drift-verdict":
        return finding.check, finding.operation, finding.cause.partition(":")[0]
    if finding.check == "drift-trace":
        return finding.check, "", finding.cause.partition(":")[0]
    if finding.check in _OF_BODIES:
        return finding.check, "", f"{finding.pointer} {finding.cause}"
    return finding.check, finding.operation, f"{finding.pointer} {finding.cause}"


def _joined(place: tuple[str, str, str], group: list[Finding]) -> list[Finding]:
    check, _, cause = place
    if check == "drift-verdict" and len(group) > _KINDS:
        smallest = min(group, key=lambda finding: finding.request.size)
        words = f"{cause}: whatever is asked"
        title = f"{smallest.title.partition(':')[0]}: {len(group)} kinds of request"
        return [replace(smallest, cause=words, title=title)]
    if check == "drift-trace" and len(group) > _STEPS:
        steps = [finding.operation for finding in group]
        shown = ", ".join(steps[:_NAMED]) + (" and more" if len(steps) > _NAMED else "")
        title = f"In {len(group)} steps of a session's life: another {cause.replace('_', ' ')}"
        actual = f"{group[0].actual} ({shown})"
        return [replace(group[0], operation="many steps", cause=f"{cause}: many", title=title, actual=actual)]
    operations = dict.fromkeys(finding.operation for finding in group)
    if check in _OF_BODIES and len(operations) > _STEPS:
        smallest = min(group, key=lambda finding: finding.request.size)
        actual = f"{smallest.actual} ({len(operations)} operations)"
        return [replace(smallest, operation="many operations", actual=actual)]
    return group
