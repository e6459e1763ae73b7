"""The exit code of a run.

0: nothing found. 1: findings. 2: wrong usage, which the command line reports. 3: the target could not be tested, or not
as a whole.
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
INCOMPLETE: Final = "incomplete"
"""The level that fails an incomplete run."""
DEFAULT_FAIL_ON: Final = frozenset({"error", INCOMPLETE})
"""The levels that fail a run unless others are chosen."""


def exit_code(
    findings: Iterable[Finding],
    claims: Iterable[ClaimVerdict],
    *,
    failure: RunFailure | None,
    is_incomplete: bool = False,
    fail_on: frozenset[str],
) -> int:
    """The exit code. An untested target is neither a pass nor a contract failure.

    A run that its time budget or a limit cut short counts as untested if `fail_on` has `incomplete`.
    """
    if failure is not None or (is_incomplete and INCOMPLETE in fail_on):
        return NOT_TESTED
    if any(finding.severity == "error" or finding.severity in fail_on for finding in findings):
        return FINDINGS
    if "undecided" in fail_on and any(claim.promised and claim.verdict == "undecided" for claim in claims):
        return FINDINGS
    return NOTHING_FOUND
