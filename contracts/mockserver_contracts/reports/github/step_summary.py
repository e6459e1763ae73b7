"""The step summary of GitHub Actions: the Markdown report at the end of a file.

Rule: a summary that cannot be written is a warning. It changes no exit code.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mockserver.printable import escape_line
from mockserver_contracts.reports.markdown.report import render_markdown
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.results.events import RunEvent


class StepSummaryReport:
    """Appends the Markdown report when it is closed."""

    def __init__(self, record: RunRecord, file: Path) -> None:
        self._record = record
        self._file = file

    def handle(self, event: RunEvent) -> None:
        """Record the event."""
        self._record.handle(event)

    def close(self) -> None:
        """Append the report: a step may have written to its summary before."""
        text = render_markdown(self._record)
        try:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"\n{text}" if file.tell() else text)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            print(f"The step summary {escape_line(str(self._file))} was not written: {reason}.", file=sys.stderr)
