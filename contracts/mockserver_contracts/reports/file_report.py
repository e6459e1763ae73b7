"""A report in a file."""

from __future__ import annotations

import os
from pathlib import Path

from mockserver_contracts.reports.forms import load_form
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.results.events import RunEvent


class FileReport:
    """Writes the record of a run when the report is closed. Of a run that breaks off, it writes the findings so far."""

    def __init__(self, form: str, file: Path, record: RunRecord) -> None:
        self._render = load_form(form)
        self._file = file
        self._record = record

    def handle(self, event: RunEvent) -> None:
        """Record the event."""
        self._record.handle(event)

    def close(self) -> None:
        """Write the report, whole or not at all; raises OSError."""
        text = self._render(self._record)
        if self._file.exists() and not self._file.is_file():
            # A pipe or a terminal cannot be replaced by a new file.
            self._file.write_text(text, encoding="utf-8")
            return
        partial = self._file.with_name(f"{self._file.name}.{os.getpid()}.partial")
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(self._file)
        finally:
            partial.unlink(missing_ok=True)
