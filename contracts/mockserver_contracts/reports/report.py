"""What a report is."""

from __future__ import annotations

from typing import Protocol

from mockserver_contracts.results.events import Event


class Report(Protocol):
    """Handles every event of a run, and is closed whatever became of it; closing may raise OSError."""

    def handle(self, event: Event) -> None: ...

    def close(self) -> None: ...
