"""The exit code of a run.

0: nothing found. 1: findings. 2: wrong usage, which the command line reports. 3: the target could not be tested.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mockserver_contracts.results.events import RunFailure
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.results.verdict import ClaimVerdict

NOTHING_FOUND: Final = 0
FINDINGS: Final = 1
NOT_TESTED: Final = 3


def exit_code(
    findings: Iterable[Finding],
    claims: Iterable[ClaimVerdict],
    *,
    failure: RunFailure | None,
    fail_on: frozenset[str],
) -> int:
    """The exit code. An untested target is neither a pass nor a contract failure."""
    if failure is not None:
        return NOT_TESTED
    if any(finding.severity == "error" or finding.severity in fail_on for finding in findings):
        return FINDINGS
    if "undecided" in fail_on and any(claim.promised and claim.verdict == "undecided" for claim in claims):
        return FINDINGS
    return NOTHING_FOUND
