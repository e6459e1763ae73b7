"""The run for a person: progress on one stream, the result on another; tables on a terminal, plain lines elsewhere.

Rule 1: what a server answers steers no terminal and is no markup.
Rule 2: the last line is the verdicts, counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from mockserver_contracts.reports.progress import Progress
from mockserver_contracts.reports.record import Record, Shown
from mockserver_contracts.reports.redaction import Redaction
from mockserver_contracts.reports.tables import claims_table, sides_table, voices_table
from mockserver_contracts.reports.text import body_text, count, cut, printable
from mockserver_contracts.results.events import Event, RunFinished, RunNote, RunProgress, RunStarted
from mockserver_contracts.target.abilities import how_to_decide

_MOST: Final = 400
_COLOURS: Final = {"error": "red", "warning": "yellow", "info": "blue"}


class ConsoleReport:
    """Tells progress as it comes, and the result when the run is over."""

    def __init__(
        self, record: Record, redaction: Redaction, *, result: TextIO | None = None, progress: TextIO | None = None
    ) -> None:
        self._record = record
        self._redaction = redaction
        self._result = result or sys.stdout
        self._watched = progress or sys.stderr
        self._console = Console(file=self._result, highlight=False, markup=False, emoji=False)
        self._has_tables = self._console.is_terminal and not self._console.is_dumb_terminal
        self._progress = Progress(self._watched)
        self._is_told = False

    def handle(self, event: Event) -> None:
        """Take the event down, and tell what is to be told now."""
        self._record.handle(event)
        if isinstance(event, RunStarted):
            self._progress.begin()
            self._say(f"Checking {event.target}, profile {event.profile}, seed {event.seed}")
        elif isinstance(event, RunNote):
            self._say(event.sentence)
        elif isinstance(event, RunProgress):
            self._progress.advance(event)
        elif isinstance(event, RunFinished):
            self._tell_all()

    def close(self) -> None:
        """Tell the result of a run that broke off too."""
        self._tell_all()
        self._result.flush()

    def _say(self, sentence: str) -> None:
        self._progress.say(_fitting(self._redaction.text(sentence), self._watched))

    def _tell_all(self) -> None:
        self._progress.end()
        if self._is_told:
            return
        self._is_told = True
        for shown in self._record.findings:
            self._finding(shown)
        self._voices()
        self._claims()
        self._baseline()
        end = self._record.end
        if end.failure is not None:
            self._tell(f"The target could not be tested ({end.failure.code}): {end.failure.message}", style="bold red")
        if end.stopped is not None:
            self._tell(f"Incomplete: {end.stopped}", style="yellow")
        tally = self._record.tally
        kinds = {"claim": "broken claim", "fuzz": "failure", "drift": "drift"}
        found = [count(number, kinds[kind]) for kind, number in tally.findings.items() if number]
        self._tell(
            f"{count(end.requests_sent, 'request')} in {end.duration:.1f} s, {', '.join(found) or 'nothing found'}"
        )
        colour = "green" if end.exit_code == 0 else "red"
        self._tell(
            ", ".join(f"{number} {verdict}" for verdict, number in tally.verdicts.items()), style=f"bold {colour}"
        )

    def _finding(self, shown: Shown) -> None:
        finding = shown.finding
        head = f"{finding.severity}: {finding.title}: {finding.operation} [{shown.id}]"
        self._tell(head, style=f"bold {_COLOURS[finding.severity]}")
        self._tell(f"  check     {finding.check}" + (f" at {finding.pointer}" if finding.pointer else ""))
        if self._has_tables:
            sides = (_fitting(cut(side, _MOST), self._result) for side in (finding.expected, finding.actual))
            self._console.print(sides_table(*sides))
        else:
            here, there = ("mock", "target") if finding.kind == "drift" else ("expected", "actual")
            self._tell(f"  {here:<8}  {finding.expected}")
            self._tell(f"  {there:<8}  {finding.actual}")
        self._tell(f"  {shown.curl}")
        if finding.response is not None:
            self._tell(f"  answer    {finding.response.status} {cut(body_text(finding.response.body), _MOST)}")
        if finding.mock_response is not None:
            self._tell(
                f"  mock's    {finding.mock_response.status} {cut(body_text(finding.mock_response.body), _MOST)}"
            )
        self._tell("")

    def _voices(self) -> None:
        contradictions = self._record.contradictions
        decided = [each for each in contradictions if each.side != "undecided"]
        if decided and self._has_tables:
            self._console.print(voices_table(decided, self._record.claims))
        elif decided:
            self._tell("Where the voices contradict each other, the target follows:")
            for each in decided:
                self._tell(f"  {each.name}: {each.sides_with or each.side}")
        if len(decided) < len(contradictions):
            self._tell(f"{count(len(contradictions) - len(decided), 'contradiction')} undecided")

    def _claims(self) -> None:
        claims = self._record.claims
        if claims and self._has_tables:
            self._console.print(claims_table(claims))
        for claim in claims:
            if claim.verdict == "violated":
                promised = "promised" if claim.promised else "not promised"
                promised += ", accepted" if self._record.accepted_of(claim) else ""
                words = f"violated: {claim.id} ({claim.voice}, {promised})"
                self._tell(f"{words}: {claim.reason}" if claim.reason else words, style="red" if claim.promised else "")
        reasons = Counter(claim.reason for claim in claims if claim.verdict == "undecided")
        for reason, number in sorted(reasons.items()):
            how = how_to_decide(reason)
            self._tell(f"{count(number, 'claim')} undecided: {reason}" + (f" ({how} would decide)" if how else ""))

    def _baseline(self) -> None:
        accepted, vanished = self._record.accepted, self._record.vanished
        for each in accepted:
            if each.is_new:
                self._tell(f"accepted from now on: {each.title}: {each.operation} [{each.id}]", style="yellow")
        if accepted or vanished:
            names = "; ".join(f"{each.id} {each.title}".rstrip() for each in vanished)
            baseline = accepted[0].baseline if accepted else vanished[0].baseline
            told = f"{len(accepted)} accepted by {baseline}"
            self._tell(f"{told}, {len(vanished)} vanished: {names}" if vanished else told)

    def _tell(self, line: str, *, style: str = "") -> None:
        text = _fitting(line, self._result)
        if self._has_tables:
            # A line that is to be copied must not be broken.
            self._console.print(Text(text, style=style), soft_wrap=True)
        else:
            print(text, file=self._result)


def _fitting(line: str, stream: TextIO) -> str:
    # Neither may it break a terminal that knows fewer characters.
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return printable(line).encode(encoding, "backslashreplace").decode(encoding)
