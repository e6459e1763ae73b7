"""The annotations of a run, printed after the result on the console.

Rule 1: there are at most ten of a level: GitHub shows no more of a step. The tenth counts the rest.
Rule 2: an outage and checks that failed to run come before the findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TextIO

from mockserver.printable import escape_line
from mockserver_contracts.reports.github.workflow_command import annotation
from mockserver_contracts.reports.record import ReportedFinding, RunRecord
from mockserver_contracts.reports.reproduction.again import command_again
from mockserver_contracts.reports.text import count, truncate
from mockserver_contracts.results.events import RunEvent

MOST: Final = 10
"""The most annotations of a level."""
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "notice"}
_LENGTH: Final = 400
_CURL_LENGTH: Final = 2_000


class _Annotation(NamedTuple):
    level: str
    title: str
    text: str


class AnnotationReport:
    """Prints the annotations when the report is closed."""

    def __init__(self, record: RunRecord, stream: TextIO) -> None:
        self._record = record
        self._stream = stream

    def handle(self, event: RunEvent) -> None:
        """Record the event."""
        self._record.handle(event)

    def close(self) -> None:
        """Print the annotations."""
        annotations = list(_annotations(self._record))
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        for level in _LEVELS.values():
            for each in _limit([one for one in annotations if one.level == level]):
                line = annotation(*each).encode(encoding, "backslashreplace").decode(encoding)
                print(line, file=self._stream)
        self._stream.flush()


def _limit(annotations: list[_Annotation]) -> list[_Annotation]:
    if len(annotations) <= MOST:
        return annotations
    shown, left = annotations[: MOST - 1], len(annotations) - MOST + 1
    rest = f"{count(left, 'more annotation')} of this level"
    return [*shown, _Annotation(shown[0].level, rest, "The log and the step summary have more.")]


def _annotations(record: RunRecord) -> Iterator[_Annotation]:
    end = record.end
    for failed in record.failed_checks:
        yield _Annotation("error", f"Failed to run: {_line(failed.name)}", _line(failed.reason))
    if end.failure is not None and not record.failed_checks:
        yield _Annotation(
            "error", "The target could not be tested", _line(f"{end.failure.code}: {end.failure.message}")
        )
    if end.stopped is not None:
        yield _Annotation("warning", "Incomplete", _line(end.stopped))
    for group in record.groups:
        yield from map(_finding, group)


def _finding(reported: ReportedFinding) -> _Annotation:
    finding = reported.finding
    left, right = ("Mock", "Target") if finding.kind == "drift" else ("Expected", "Actual")
    lines = (
        f"{_line(finding.operation)} [{reported.id}]",
        f"{left}: {_line(finding.expected)}",
        f"{right}: {_line(finding.actual)}",
        escape_line(command_again(reported, _CURL_LENGTH)),
    )
    return _Annotation(_LEVELS[finding.severity], _line(finding.title), "\n".join(lines))


def _line(text: str) -> str:
    return escape_line(truncate(text, _LENGTH))
