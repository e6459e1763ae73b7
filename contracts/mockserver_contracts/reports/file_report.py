"""A report that is a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from mockserver_contracts.reports.html_report import as_html
from mockserver_contracts.reports.json_report import as_json
from mockserver_contracts.reports.junit_report import as_junit
from mockserver_contracts.reports.record import Record
from mockserver_contracts.results.events import Event

FORMS: Final[Mapping[str, Callable[[Record], str]]] = {"json": as_json, "junit": as_junit, "html": as_html}
"""The forms a file can have."""


class FileReport:
    """Writes the record of a run when it is closed; a run that broke off leaves what it had found."""

    def __init__(self, form: str, file: Path, record: Record) -> None:
        self._form = FORMS[form]
        self._file = file
        self._record = record

    def handle(self, event: Event) -> None:
        """Take the event down."""
        self._record.handle(event)

    def close(self) -> None:
        """Write the report, whole or not at all; raises OSError."""
        text = self._form(self._record)
        if self._file.exists() and not self._file.is_file():
            # A pipe or a terminal: there is nothing to put in its place.
            self._file.write_text(text, encoding="utf-8")
            return
        partial = self._file.with_name(f"{self._file.name}.{os.getpid()}.partial")
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(self._file)
        finally:
            partial.unlink(missing_ok=True)
