"""The JSON report of the last run, which `mockserver replay` reads. It stays in the cache folder of the user."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from mockserver.user_folders import cache_folder
from mockserver_contracts.reports.file_report import FileReport
from mockserver_contracts.reports.record import RunRecord


def last_run_file() -> Path:
    """The file of the report."""
    return cache_folder() / "last-run.json"


class LastRunReport(FileReport):
    """Keeps the report of a run. Where nothing can be kept, the run is none the worse."""

    def __init__(self, record: RunRecord) -> None:
        super().__init__("json", last_run_file(), record)

    def close(self) -> None:
        """Write the report if it can be written."""
        with suppress(OSError):
            last_run_file().parent.mkdir(parents=True, exist_ok=True)
            super().close()
