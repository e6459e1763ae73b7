"""How far a run has come, for whoever waits for it.

Rule 1: nothing moves in the first second: a short run says what it does and is over.
Rule 2: on a terminal one line tells it and goes away; elsewhere it is lines, and no more than are read.
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


class Progress:
    """Tells sentences at once, and progress after a while."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        # What only claims to be a terminal, as in CI, shows colours but cannot take a line back.
        self._is_live = stream.isatty() and self._console.is_terminal and not self._console.is_dumb_terminal
        self._lock = threading.Lock()
        self._status: Status | None = None
        self._timer: threading.Timer | None = None
        self._words = "waiting for the first answer"
        self._since = time.monotonic()
        self._place = ("", "")
        self._told_at = 0.0

    def begin(self) -> None:
        """From now on somebody waits."""
        self._since = time.monotonic()
        if self._is_live and self._timer is None:
            self._timer = threading.Timer(_FIRST_AFTER, self._show)
            self._timer.daemon = True
            self._timer.start()

    def say(self, sentence: str) -> None:
        """Tell a sentence that stays."""
        with self._lock:
            if self._status is not None:
                self._console.print(Text(sentence), soft_wrap=True)
            else:
                print(sentence, file=self._stream, flush=True)

    def advance(self, event: RunProgress) -> None:
        """Tell how far it is, if it is time to."""
        if event.requests_sent == 0:
            return
        sent, found = count(event.requests_sent, "request"), count(event.findings, "finding")
        words = f"{event.profile}: {event.phase}, {sent}, {found}"
        if self._is_live:
            with self._lock:
                self._words = words
                if self._status is not None:
                    self._status.update(Text(words))
            return
        now, place = time.monotonic(), (event.profile, event.phase)
        is_soon = now < self._told_at + _EVERY_SECONDS if place == self._place else now < self._since + _FIRST_AFTER
        if not is_soon:
            self._place, self._told_at = place, now
            self.say(f"  {words}")

    def end(self) -> None:
        """Nobody waits any more; the moving line goes away."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._status is not None:
                self._status.stop()
            self._status, self._is_live = None, False

    def _show(self) -> None:
        with self._lock:
            if self._is_live:
                self._status = Status(Text(self._words), console=self._console)
                self._status.start()
