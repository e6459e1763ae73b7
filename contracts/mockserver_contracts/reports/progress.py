"""The progress of a run on the console.

Rule 1: progress appears after one second, so a short run shows none.
Rule 2: a terminal gets one line that changes and disappears at the end.
Rule 3: any other stream gets a line for each phase, and then one every two seconds.
"""

from __future__ import annotations

import threading
import time
from typing import Final, TextIO

from rich.console import Console
from rich.status import Status
from rich.text import Text

from mockserver_contracts.reports.text import count
from mockserver_contracts.results.events import RunProgress

_FIRST_AFTER: Final = 1.0
_EVERY_SECONDS: Final = 2.0


class ProgressDisplay:
    """Prints sentences at once, and progress from time to time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        # A CI log that passes for a terminal shows colours but cannot erase a line.
        self._is_live = stream.isatty() and self._console.is_terminal and not self._console.is_dumb_terminal
        self._lock = threading.Lock()
        self._status: Status | None = None
        self._timer: threading.Timer | None = None
        self._text = "waiting for the first answer"
        self._since = time.monotonic()
        self._place = ("", "")
        self._shown_at = 0.0

    def begin(self) -> None:
        """Start to measure time and to wait for the first progress."""
        self._since = time.monotonic()
        if self._is_live and self._timer is None:
            self._timer = threading.Timer(_FIRST_AFTER, self._start_status)
            self._timer.daemon = True
            self._timer.start()

    def print_line(self, sentence: str) -> None:
        """Print a line that stays."""
        with self._lock:
            if self._status is not None:
                self._console.print(Text(sentence), soft_wrap=True)
            else:
                print(sentence, file=self._stream, flush=True)

    def advance(self, event: RunProgress) -> None:
        """Show the progress, if enough time has passed since the last."""
        if event.requests_sent == 0:
            return
        sent, found = count(event.requests_sent, "request"), count(event.findings, "finding")
        text = f"{event.profile}: {event.phase}, {sent}, {found}"
        if self._is_live:
            with self._lock:
                self._text = text
                if self._status is not None:
                    self._status.update(Text(text))
            return
        now, place = time.monotonic(), (event.profile, event.phase)
        is_soon = now < self._shown_at + _EVERY_SECONDS if place == self._place else now < self._since + _FIRST_AFTER
        if not is_soon:
            self._place, self._shown_at = place, now
            self.print_line(f"  {text}")

    def end(self) -> None:
        """Erase the progress line and show no more progress."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._status is not None:
                self._status.stop()
            self._status, self._is_live = None, False

    def _start_status(self) -> None:
        with self._lock:
            if self._is_live:
                self._status = Status(Text(self._text), console=self._console)
                self._status.start()
