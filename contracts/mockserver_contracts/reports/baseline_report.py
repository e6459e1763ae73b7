"""The run as the baseline it leaves: what is new merged in, what has vanished taken out."""

from __future__ import annotations

from mockserver_contracts.baseline.baseline import Baseline
from mockserver_contracts.baseline.entries import Entry
from mockserver_contracts.baseline.yaml_io import BaselineError
from mockserver_contracts.reports.redaction import Redaction
from mockserver_contracts.reports.text import printable
from mockserver_contracts.results.events import Event, FindingAccepted, FindingVanished, RunFinished


class BaselineReport:
    """Writes the baseline when it is closed; of a run that came to nothing it writes nothing."""

    def __init__(self, baseline: Baseline, redaction: Redaction) -> None:
        self._baseline = baseline
        self._redaction = redaction
        self._added: list[Entry] = []
        self._gone: set[str] = set()
        self._is_tested = False

    def handle(self, event: Event) -> None:
        """Take the event down."""
        if isinstance(event, FindingAccepted) and event.is_new:
            title = printable(self._redaction.text(event.title))
            self._added.append(self._baseline.entry(event.id, title))
        elif isinstance(event, FindingVanished):
            self._gone.add(event.id)
        elif isinstance(event, RunFinished):
            self._is_tested = event.failure is None

    def close(self) -> None:
        """Merge into what the file holds by now; raises OSError."""
        if not self._is_tested:
            return
        try:
            known = self._now()
            merged = known.updated(self._added, self._gone)
        except BaselineError as error:
            raise OSError(str(error)) from None
        if merged.text != known.text or not known.file.exists():
            merged.write()

    def _now(self) -> Baseline:
        # A run takes its time: whoever edits the file meanwhile loses nothing.
        try:
            return Baseline.read(self._baseline.file, self._baseline.today)
        except FileNotFoundError:
            return Baseline.empty(self._baseline.file, self._baseline.today)
