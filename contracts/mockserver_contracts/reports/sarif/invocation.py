"""The invocation of SARIF: the exit code of the run, and all that it has to say beside its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from mockserver_contracts.reports.advice import how_to_decide
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.sarif.message import message
from mockserver_contracts.reports.text import count

_EXIT_CODES: Final[Mapping[int, str]] = {
    0: "nothing found that fails the run",
    1: "findings",
    3: "the target could not be tested, or not as a whole",
}
_DESCRIPTIONS: Final = {
    "target-not-tested": "The target could not be tested.",
    "check-failed": "A check failed to run and decided nothing.",
    "run-incomplete": "The run ended before it had sent all its requests.",
    "finding-vanished": "The baseline accepts a finding that did not occur.",
    "claims-undecided": "The run could not decide claims of the page.",
}
NOTIFICATIONS: Final = [{"id": name, "shortDescription": message(text)} for name, text in _DESCRIPTIONS.items()]
"""The descriptors of all notifications."""


def invocation(record: RunRecord) -> dict[str, Any]:
    """The invocation. A run that did not test the whole target was not executed successfully."""
    end = record.end
    return {
        "executionSuccessful": end.exit_code in (0, 1),
        "exitCode": end.exit_code,
        "exitCodeDescription": _EXIT_CODES.get(end.exit_code, "unknown"),
        "startTimeUtc": _time(record.began),
        "endTimeUtc": _time(record.began + timedelta(seconds=end.duration)),
        "toolExecutionNotifications": list(_notifications(record)),
    }


def _notifications(record: RunRecord) -> Iterator[dict[str, Any]]:
    end = record.end
    for failed in record.failed_checks:
        text = f"The check failed to run: {failed.name}: {failed.reason}"
        yield _notification("check-failed", "error", text, check=failed.name)
    # Failed checks are a failure too, which has no more to say.
    if end.failure is not None and end.failure.code != "check_failed":
        text = f"The target could not be tested ({end.failure.code}): {end.failure.message}"
        yield _notification("target-not-tested", "error", text, code=end.failure.code)
    if end.stopped is not None:
        yield _notification("run-incomplete", "warning", f"The run is incomplete: {end.stopped}")
    for vanished in record.vanished:
        text = f"The accepted finding {vanished.id} did not occur: {vanished.title}"
        yield _notification("finding-vanished", "note", text, id=vanished.id)
    reasons = Counter(claim.reason for claim in record.claims if claim.verdict == "undecided")
    for reason, number in sorted(reasons.items()):
        advice = f" ({needed} would decide)" if (needed := how_to_decide(reason)) else ""
        yield _notification("claims-undecided", "note", f"{count(number, 'claim')} undecided: {reason}{advice}")


def _notification(name: str, level: str, text: str, **properties: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": name, "index": list(_DESCRIPTIONS).index(name)},
        "level": level,
        "message": message(text),
        **({"properties": properties} if properties else {}),
    }


def _time(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
