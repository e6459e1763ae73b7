"""What a run comes to tell of its findings: all of them, or with a baseline those which it does not accept."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mockserver_contracts.baseline.baseline import BaselineMatch
from mockserver_contracts.baseline.entries import BaselineEntry
from mockserver_contracts.results.curl import curl_line
from mockserver_contracts.results.events import FindingAccepted, FindingReported, FindingVanished
from mockserver_contracts.results.finding import Finding, FindingKind
from mockserver_contracts.run.plan import Order
from mockserver_contracts.run.results import RunResults


def outcome(
    order: Order, results: RunResults, *, kinds: Collection[FindingKind] = ("claim", "fuzz")
) -> Iterator[FindingReported | FindingAccepted | FindingVanished]:
    """What was learned, told; the run looks for findings of the kinds."""
    keys = {kept.finding.id: kept.key for kept in results.told()}
    findings = [kept.told(is_alone=len(order.subjects) == 1) for kept in results.told()]
    baseline = order.baseline
    if baseline is None:
        sides = BaselineMatch(tuple(findings))
    else:
        is_complete = order.is_whole and not results.is_over
        sides = baseline.match(findings, searched=kinds if is_complete else ())
        name = str(baseline.file)
        yield from (_accepted(name, finding, entry) for finding, entry in sides.accepted)
        # A target that could not be tested has shown nothing that could be accepted.
        if order.updates_baseline and results.failure is None:
            for finding in sides.new:
                yield _accepted(name, finding, baseline.new_entry(finding.id, finding.title), is_new=True)
            sides = BaselineMatch((), expired=sides.expired, vanished=sides.vanished)
        yield from (FindingVanished(name, entry.id, entry.title, entry.reason) for entry in sides.vanished)
    yield from (FindingReported(finding, curl_line(finding.request, keys[finding.id])) for finding in sides.unaccepted)


def _accepted(baseline: str, finding: Finding, entry: BaselineEntry, *, is_new: bool = False) -> FindingAccepted:
    return FindingAccepted(
        baseline=baseline,
        id=finding.id,
        kind=finding.kind,
        check=finding.check,
        operation=finding.operation,
        title=finding.title,
        reason=entry.reason,
        since=entry.since,
        expires=entry.expires,
        is_new=is_new,
    )
