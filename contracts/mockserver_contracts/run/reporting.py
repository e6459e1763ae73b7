"""The findings that a run reports: all of them, or with a baseline those that it does not accept.

Rule: the events of an update tell the search of each finding before the finding itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockserver_contracts.baseline.baseline import BaselineMatch
from mockserver_contracts.baseline.entries import BaselineEntry
from mockserver_contracts.baseline.search import Search, SearchRecorded, SearchScope
from mockserver_contracts.results.curl import curl_line
from mockserver_contracts.results.events import FindingAccepted, FindingReported, FindingVanished, RunEvent
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.results.python_script import python_script
from mockserver_contracts.run.plan import RunPlan
from mockserver_contracts.run.results import RecordedFinding, RunResults


def report_findings(plan: RunPlan, results: RunResults) -> Iterator[RunEvent]:
    """Report the findings, as events."""
    recorded = results.sorted_findings()
    by_id = {each.finding.id: each for each in recorded}
    findings = [each.finding if len(plan.subjects) == 1 else each.with_profiles() for each in recorded]
    baseline = plan.baseline
    if baseline is None:
        match = BaselineMatch(tuple(findings))
    else:
        scope = _scope(plan, results)
        match = baseline.match(findings, scope)
        name = str(baseline.file)
        yield from (_accepted(name, finding, entry) for finding, entry in match.accepted)
        # A target that could not be tested has shown nothing that could be accepted.
        if plan.updates_baseline and results.failure is None:
            yield from (SearchRecorded(finding.id, scope.of(finding.check)) for finding in findings)
            for finding in match.new:
                yield _accepted(name, finding, baseline.new_entry(finding.id, finding.title), is_new=True)
            match = BaselineMatch((), expired=match.expired, vanished=match.vanished)
        yield from (FindingVanished(name, entry.id, entry.title, entry.reason) for entry in match.vanished)
    yield from (_reported(finding, by_id[finding.id]) for finding in match.unaccepted)


def _reported(finding: Finding, recorded: RecordedFinding) -> FindingReported:
    request, key = finding.request, recorded.key
    return FindingReported(
        finding,
        curl_line(request, key),
        curl_line(request, key, body_file=f"{finding.id}.body"),
        python_script(finding, recorded.target, key) if finding.steps else "",
    )


def _scope(plan: RunPlan, results: RunResults) -> SearchScope:
    search = Search(
        command=plan.command,
        target=results.address,
        profiles=tuple(subject.profile for subject in plan.subjects),
        seed=plan.seed,
        max_examples=plan.max_examples,
        spec=plan.spec,
        strict=plan.strict,
        without=plan.without,
        lacks=tuple(sorted(results.lacks)),
    )
    is_complete = plan.is_unfiltered and not results.is_over and not results.failed_checks.reasons
    return SearchScope(search, is_complete, frozenset(results.unfinished), frozenset(results.repeated))


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
