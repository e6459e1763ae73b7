"""The grouping of drifts: those with one cause become one, so a server that refuses everything drifts once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mockserver_contracts.results.finding import DRIFT_OF_TRACE, Finding

# With more findings than these, a group becomes one finding.
_MOST_REQUESTS: Final = 8
_MOST_STEPS: Final = 3
_MOST_NAMES: Final = 6
# These checks compare bodies; the same difference may show in many operations.
_OF_BODIES: Final = frozenset({"drift-media-type", "drift-missing", "drift-type", "drift-form"})


def group_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join the findings of each cause; the smallest request represents a joined group."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_group_of(finding), []).append(finding)
    return tuple(finding for key, group in groups.items() for finding in _join(key, group))


def _group_of(finding: Finding) -> tuple[str, str, str]:
    """The check, the operation unless it does not matter, and the cause."""
    if finding.check == "drift-verdict":
        return finding.check, finding.operation, finding.cause.partition(":")[0]
    if finding.check == DRIFT_OF_TRACE:
        return finding.check, "", finding.cause.partition(":")[0]
    if finding.check == "drift-more":
        return finding.check, finding.operation, f"{finding.pointer.rpartition('/')[0]} {finding.cause}"
    if finding.check in _OF_BODIES:
        return finding.check, "", f"{finding.pointer} {finding.cause}"
    return finding.check, finding.operation, f"{finding.pointer} {finding.cause}"


def _join(key: tuple[str, str, str], group: list[Finding]) -> list[Finding]:
    check, _, cause = key
    if check == "drift-verdict" and len(group) > _MOST_REQUESTS:
        smallest = min(group, key=lambda finding: finding.request.size)
        title = f"{smallest.title.partition(':')[0]}: {len(group)} kinds of request"
        return [replace(smallest, cause=f"{cause}: whatever is asked", title=title)]
    if check == DRIFT_OF_TRACE and len(group) > _MOST_STEPS:
        steps = [finding.operation for finding in group]
        names = ", ".join(steps[:_MOST_NAMES]) + (" and more" if len(steps) > _MOST_NAMES else "")
        title = f"In {len(group)} steps of a session's life: another {cause.replace('_', ' ')}"
        actual = f"{group[0].actual} ({names})"
        return [replace(group[0], operation="many steps", cause=f"{cause}: many", title=title, actual=actual)]
    if check == "drift-more" and len(group) > _MOST_NAMES:
        parent = group[0].pointer.rpartition("/")[0]
        names = ", ".join(finding.pointer.rpartition("/")[2] for finding in group[:_MOST_NAMES])
        title = f"The mock has none of {len(group)} members of {parent or 'the body'}: {names} and more"
        return [replace(group[0], pointer=parent, cause=f"{group[0].cause}: many", title=title)]
    operations = {finding.operation for finding in group}
    if check in _OF_BODIES and len(operations) > _MOST_STEPS:
        smallest = min(group, key=lambda finding: finding.request.size)
        actual = f"{smallest.actual} ({len(operations)} operations)"
        return [replace(smallest, operation="many operations", actual=actual)]
    return group
