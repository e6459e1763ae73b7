"""The report that updates the baseline: it merges new findings and removes vanished ones."""

from __future__ import annotations

from dataclasses import replace

from mockserver.printable import escape_line
from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.entries import BaselineEntry
from mockserver_contracts.baseline.search import Search, SearchRecorded
from mockserver_contracts.baseline.yaml_io import BaselineError
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.events import FindingAccepted, FindingVanished, RunEvent, RunFinished


class BaselineReport:
    """Write the baseline when the report is closed. After a failed run, write nothing."""

    def __init__(self, baseline: Baseline, redaction: Redaction) -> None:
        self._baseline = baseline
        self._redaction = redaction
        self._added: list[BaselineEntry] = []
        self._searches: dict[str, Search] = {}
        self._removed: set[str] = set()
        self._is_tested = False

    def handle(self, event: RunEvent) -> None:
        """Collect new and vanished findings."""
        if isinstance(event, FindingAccepted) and event.is_new:
            title = escape_line(self._redaction.text(event.title))
            self._added.append(self._baseline.new_entry(event.id, title, self._searches.get(event.id)))
        elif isinstance(event, SearchRecorded):
            self._searches[event.id] = self._redacted(event.search)
        elif isinstance(event, FindingVanished):
            self._removed.add(event.id)
        elif isinstance(event, RunFinished):
            self._is_tested = event.failure is None

    def close(self) -> None:
        """Merge into the present text of the file; raises OSError."""
        if not self._is_tested:
            return
        try:
            known = self._read_again()
            merged = known.merge(self._added, self._removed, self._searches)
        except BaselineError as error:
            raise OSError(str(error)) from None
        if merged.text != known.text or not known.file.exists():
            merged.write()

    def _redacted(self, search: Search) -> Search:
        target, spec, *profiles = (
            escape_line(self._redaction.text(text)) for text in (search.target, search.spec, *search.profiles)
        )
        return replace(search, target=target, spec=spec, profiles=tuple(profiles))

    def _read_again(self) -> Baseline:
        # People may edit the file during a run, and their edits must not get lost.
        try:
            return Baseline.read(self._baseline.file, self._baseline.today)
        except FileNotFoundError:
            return Baseline.empty(self._baseline.file, self._baseline.today)
