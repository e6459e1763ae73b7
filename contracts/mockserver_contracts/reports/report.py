"""The interface of all reports."""

from __future__ import annotations

from typing import Protocol

from mockserver_contracts.results.events import RunEvent


class Report(Protocol):
    """A report handles every event of a run. It is closed at the end, even of a run that breaks off.

    `close` may raise OSError.
    """

    def handle(self, event: RunEvent) -> None: ...

    def close(self) -> None: ...
