"""The run as plain text: progress to stderr, the result to stdout."""

from __future__ import annotations

import sys
import time
from typing import Final, TextIO

from contracts.finding import Event, Finding, Finished, Found, Judged, Noted, Progressed, Started, Tally
from contracts.redaction import Redaction

_MOST_BODY: Final = 400
_EVERY_SECONDS: Final = 2.0


class ConsoleReport:
    """Tells the run as it goes; what people wait with goes to `progress`, what they read to `result`."""

    def __init__(self, redaction: Redaction, *, result: TextIO | None = None, progress: TextIO | None = None) -> None:
        self._redaction = redaction
        self._result = result or sys.stdout
        self._progress = progress or sys.stderr
        self._tally = Tally()
        self._reasons: dict[str, int] = {}
        self._place = ("", "")
        self._told_at = 0.0

    def handle(self, event: Event) -> None:
        """Tell the event."""
        self._tally.handle(event)
        if isinstance(event, Started):
            self._watch(f"Checking {event.target}, profile {event.profile}, seed {event.seed}")
        elif isinstance(event, Noted):
            self._watch(event.sentence)
        elif isinstance(event, Progressed):
            self._progressed(event)
        elif isinstance(event, Judged):
            if event.claim.verdict == "undecided":
                self._reasons[event.claim.reason] = self._reasons.get(event.claim.reason, 0) + 1
        elif isinstance(event, Found):
            self._finding(event.finding, event.curl)
        elif isinstance(event, Finished):
            self._end(event)

    def close(self) -> None:
        """Nothing is held back."""
        self._result.flush()

    def _progressed(self, event: Progressed) -> None:
        now = time.monotonic()
        if event.requests_sent == 0:
            return
        place = (event.profile, event.phase)
        if place == self._place and now < self._told_at + _EVERY_SECONDS:
            return
        self._place, self._told_at = place, now
        sent, found = _count(event.requests_sent, "request"), _count(event.findings, "finding")
        self._watch(f"  {event.profile}: {event.phase}, {sent}, {found}")

    def _finding(self, finding: Finding, curl: str) -> None:
        self._tell(f"{finding.severity}: {finding.title}: {finding.operation} [{finding.id}]")
        self._tell(f"  check     {finding.check}" + (f" at {finding.pointer}" if finding.pointer else ""))
        self._tell(f"  expected  {finding.expected}")
        self._tell(f"  actual    {finding.actual}")
        self._tell(f"  {curl}")
        if finding.response is not None:
            body = finding.response.body.decode("utf-8", "replace")
            shown = body if len(body) <= _MOST_BODY else f"{body[:_MOST_BODY]}…"
            self._tell(f"  answer    {finding.response.status} {shown}")
        self._tell("")

    def _end(self, event: Finished) -> None:
        if event.failure is not None:
            self._tell(f"The target could not be tested ({event.failure.code}): {event.failure.message}")
        if event.stopped is not None:
            self._tell(f"Incomplete: {event.stopped}")
        for reason, number in sorted(self._reasons.items()):
            self._tell(f"{_count(number, 'claim')} undecided: {reason}")
        self._tell(
            f"{_count(event.requests_sent, 'request')} in {event.duration:.1f} s, "
            f"{_count(self._tally.findings['fuzz'], 'fuzz failure')}"
        )
        verdicts = self._tally.verdicts
        self._tell(", ".join(f"{verdicts[verdict]} {verdict}" for verdict in ("upheld", "violated", "undecided")))

    def _tell(self, line: str) -> None:
        print(_printable(self._redaction.text(line), self._result), file=self._result)

    def _watch(self, line: str) -> None:
        print(_printable(self._redaction.text(line), self._progress), file=self._progress, flush=True)


def _printable(line: str, stream: TextIO) -> str:
    # What a server answers must not steer the reader's terminal, nor break one that knows fewer characters.
    clean = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return clean.encode(encoding, "backslashreplace").decode(encoding)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
