"""Findings: broken promises, each with the request that shows it.

Rule 1: a finding's id derives from its kind, check, operation, pointer and cause, and from nothing else.
Rule 2: repeats of a finding are one finding; it keeps the smallest request that shows it.
Rule 3: this module knows neither the sources of requests nor the forms of reports.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final, Literal

from mockserver_contracts.exchange import MISSING, Exchange, Request, Response, Turn, shortened

Severity = Literal["error", "warning", "info"]
FindingKind = Literal["claim", "fuzz", "drift"]

MISSING_OPERATION: Final = "missing_operation"
"""The check whose findings come first: what else is wrong may follow from them."""

DRIFT_PREFIX: Final = "drift-"
"""The check of a difference has its aspect behind this."""

DRIFT_OF_TRACE: Final = f"{DRIFT_PREFIX}trace"
"""The check of a difference in the life of a session."""

RULE_PREFIX: Final = "rule-"
"""The check of a rule has the rule's name behind this."""

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
    # The sentence that the target breaks: a claim's or a rule's; empty if only the contract says it.
    promise: str = ""
    # What led to a finding of state, in order; empty if the finding's own request shows it.
    steps: tuple[Turn, ...] = ()

    @property
    def id(self) -> str:
        """An id that stays the same from run to run."""
        name = "\n".join((self.kind, self.check, self.operation, self.pointer, self.cause))
        return f"{self.kind}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"

    @property
    def exchange(self) -> Exchange:
        """The request with its response."""
        return Exchange(self.request, MISSING if self.response is None else self.response)

    def with_title(self, title: str) -> Finding:
        """The finding under another title. The id stays."""
        return replace(self, title=title)


def rank(finding: Finding) -> tuple[bool, int, int, int]:
    """The place of a finding in a report: missing operations first, then the most severe, then the most certain.

    A claim is the page's own word, and a rule follows from it. In a comparison the differences of answers come first,
    because they explain what else differs. Of two alike, the one with fewer steps comes first.
    """
    is_of_rule = finding.check.startswith(RULE_PREFIX)
    if finding.kind == "drift":
        sureness = 1 if finding.check == DRIFT_OF_TRACE else 0 if finding.check.startswith(DRIFT_PREFIX) else 2
    else:
        sureness = 0 if finding.kind == "claim" else 1 if is_of_rule else 2
    is_missing = finding.check == MISSING_OPERATION
    return not is_missing, SEVERITIES.index(finding.severity), sureness, len(finding.steps)


def _shortened(finding: Finding) -> Finding:
    """The finding with the beginning of each answer that is very long: hundreds of findings are kept in a run."""
    return replace(
        finding,
        response=None if finding.response is None else shortened(finding.response),
        mock_response=None if finding.mock_response is None else shortened(finding.mock_response),
        steps=tuple(tuple(map(_shortened_exchange, turn)) for turn in finding.steps),
    )


def _shortened_exchange(exchange: Exchange) -> Exchange:
    response = shortened(exchange.response)
    return exchange if response is exchange.response else replace(exchange, response=response)


class Findings:
    """The findings of a run without repeats, in the order of their first appearance."""

    def __init__(self) -> None:
        self._by_id: dict[str, Finding] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, finding: Finding) -> bool:
        """The finding is known, and no less severe."""
        known = self._by_id.get(finding.id)
        return known is not None and _rank(known) <= _rank(finding)

    def add(self, finding: Finding) -> None:
        """Add the finding. Of a known finding, keep the more severe one, then the smaller request."""
        known = self._by_id.get(finding.id)
        if known is None or (_rank(finding), finding.request.size) < (_rank(known), known.request.size):
            self._by_id[finding.id] = _shortened(finding)

    def sorted(self) -> tuple[Finding, ...]:
        """All findings, the most severe first."""
        return tuple(sorted(self._by_id.values(), key=_rank))


def _rank(finding: Finding) -> int:
    """The place of the finding's severity, the worst first."""
    return SEVERITIES.index(finding.severity)
