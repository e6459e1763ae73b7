"""The findings of a run as scripts, each in a file that shows it again.

A finding of state is a Python script. Any other is a shell script with its curl line; a long or binary body has a file
of its own beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mockserver_contracts.reports.record import ReportedFinding, RunRecord
from mockserver_contracts.results.events import RunEvent

_LONGEST_LINE: Final = 1_000


class ScriptsReport:
    """Writes the scripts into a folder when the report is closed."""

    def __init__(self, folder: Path, record: RunRecord) -> None:
        self._folder = folder
        self._record = record

    def handle(self, event: RunEvent) -> None:
        """Record the event."""
        self._record.handle(event)

    def close(self) -> None:
        """Write the scripts; raises OSError."""
        self._folder.mkdir(exist_ok=True)
        for reported in self._record.findings:
            for name, content in _files(reported).items():
                file = self._folder / name
                file.write_bytes(content)
                if file.suffix != ".body":
                    file.chmod(0o755)


def _files(reported: ReportedFinding) -> dict[str, bytes]:
    name, body = reported.id, reported.finding.request.body
    if reported.script:
        return {f"{name}.py": reported.script.encode()}
    if len(reported.curl) <= _LONGEST_LINE:
        return {f"{name}.sh": _shell(reported.curl, reported)}
    return {f"{name}.sh": _shell(reported.curl_from_file, reported), f"{name}.body": body}


def _shell(line: str, reported: ReportedFinding) -> bytes:
    finding = reported.finding
    about = (finding.title, f"expected: {finding.expected}", f"seen:     {finding.actual}")
    comments = "".join(f"# {' '.join(text.split())}\n" for text in about)
    return f'#!/bin/sh\n{comments}cd "$(dirname "$0")" || exit\n{line}\n'.encode()
