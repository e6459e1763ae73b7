"""What a run has learned so far, over all its subjects.

What an outage makes a target answer is no finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mockserver_contracts.checks.runner import CheckResult
from mockserver_contracts.results.curl import ApiKey
from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.results.finding import SEVERITIES, Finding, Findings
from mockserver_contracts.target.gate import REFUSALS


@dataclass(slots=True)
class RecordedFinding:
    """A finding with the key to send its request again, and the profiles which it was found with."""

    finding: Finding
    key: ApiKey
    profiles: list[str] = field(default_factory=list)

    def told(self, *, is_alone: bool) -> Finding:
        """The finding as it is told: of several profiles, with those that show it."""
        # The profile is part of what to set up before the curl line shows anything.
        noun = "profile" if len(self.profiles) == 1 else "profiles"
        where = f"{self.finding.title} ({noun} {', '.join(self.profiles)})"
        return self.finding if is_alone else self.finding.with_title(where)


@dataclass(slots=True)
class RunResults:
    """Findings, verdicts and what cut the run short."""

    findings: dict[str, RecordedFinding] = field(default_factory=dict)
    requests_sent: int = 0
    failure: RunFailure | None = None
    stopped: str | None = None
    # Entries of the corpus that another subject of the run was sent already.
    replayed: set[str] = field(default_factory=set)
    # Claim by claim, each subject's answer, with whether its profile promises the claim.
    decided: dict[str, list[tuple[bool, CheckResult]]] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be learned."""
        return self.failure is not None or self.stopped is not None

    def keep(self, findings: Findings, profile: str, key: ApiKey) -> None:
        """Keep the findings that are new; an outage's own answers are none."""
        for finding in findings.sorted():
            is_outage = finding.response is not None and finding.response.status in REFUSALS
            if self.failure is None or not is_outage:
                self.findings.setdefault(finding.id, RecordedFinding(finding, key)).profiles.append(profile)

    def note(self, decided: Iterable[tuple[bool, CheckResult]]) -> None:
        """Note what was decided of claims."""
        for is_promised, each in decided:
            self.decided.setdefault(each.name, []).append((is_promised, each))

    def told(self) -> tuple[RecordedFinding, ...]:
        """The findings, the gravest first."""
        return tuple(sorted(self.findings.values(), key=lambda kept: SEVERITIES.index(kept.finding.severity)))
