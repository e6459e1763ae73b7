"""Findings: broken promises, each with the request that shows it.

Rule 1: a finding's id derives from its kind, check, operation, pointer and cause, and from nothing else.
Rule 2: repeats of a finding are one finding; it keeps the smallest request that shows it.
Rule 3: this module knows neither the sources of requests nor the forms of reports.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final, Literal

from mockserver_contracts.exchange import Request, Response

Severity = Literal["error", "warning", "info"]
FindingKind = Literal["claim", "fuzz", "drift"]

MISSING_OPERATION: Final = "missing_operation"
"""The check whose findings come first: what else is wrong may follow from them."""

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise, with the request that shows it again."""

    kind: FindingKind
    check: str
    operation: str
    pointer: str
    cause: str
    severity: Severity
    title: str
    expected: str
    actual: str
    request: Request
    # None if no complete answer came.
    response: Response | None
    # The mock's answer to the same request, if a run compares the target with the mock.
    mock_response: Response | None = None

    @property
    def id(self) -> str:
        """An id that stays the same from run to run."""
        name = "\n".join((self.kind, self.check, self.operation, self.pointer, self.cause))
        return f"{self.kind}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"

    def with_title(self, title: str) -> Finding:
        """The finding under another title. The id stays."""
        return replace(self, title=title)


def rank(finding: Finding) -> tuple[bool, int]:
    """The place of a finding in a report: missing operations come first, then the most severe."""
    return finding.check != MISSING_OPERATION, SEVERITIES.index(finding.severity)


class Findings:
    """The findings of a run without repeats, in the order of their first appearance."""

    def __init__(self) -> None:
        self._by_id: dict[str, Finding] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, finding: Finding) -> bool:
        return finding.id in self._by_id

    def add(self, finding: Finding) -> None:
        """Add the finding. Of a known finding, keep the smaller request."""
        known = self._by_id.get(finding.id)
        if known is None or finding.request.size < known.request.size:
            self._by_id[finding.id] = finding if known is None else replace(finding, severity=known.severity)

    def sorted(self) -> tuple[Finding, ...]:
        """All findings, the most severe first."""
        return tuple(sorted(self._by_id.values(), key=lambda finding: SEVERITIES.index(finding.severity)))
