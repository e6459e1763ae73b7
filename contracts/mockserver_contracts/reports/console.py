"""The report on the console: progress on one stream, the result on another.

Rule 1: a terminal gets tables and colours, any other stream plain lines.
Rule 2: answers of a server cannot steer the terminal and are no markup.
Rule 3: the last line counts the verdicts.
Rule 4: findings with one cause stand together, the first of them whole. The gravest causes are printed so; the next
ones have a line each, and the rest is counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from mockserver.printable import escape_line
from mockserver_contracts.reports.advice import how_to_decide
from mockserver_contracts.reports.progress import ProgressDisplay
from mockserver_contracts.reports.record import ReportedFinding, RunRecord
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.reports.reproduction.steps import step_lines
from mockserver_contracts.reports.tables import claims_table, sides_table, voices_table
from mockserver_contracts.reports.text import count, decode_body, truncate
from mockserver_contracts.reports.verdict_line import verdict_line
from mockserver_contracts.results.events import RunEvent, RunFinished, RunNote, RunProgress, RunStarted
from mockserver_contracts.results.run_command import run_title

_LENGTH: Final = 400
_CURL_LENGTH: Final = 2_000
# The first causes are printed whole, the next ones in a line, and the rest is counted.
_MOST_WHOLE: Final = 12
_MOST: Final = 50
_MOST_ALSO: Final = 6
_MOST_STEPS: Final = 10
_COLOURS: Final = {"error": "red", "warning": "yellow", "info": "blue"}


class ConsoleReport:
    """Prints progress during the run, and the result at its end."""

    def __init__(
        self, record: RunRecord, redaction: Redaction, *, result: TextIO | None = None, progress: TextIO | None = None
    ) -> None:
        self._record = record
        self._redaction = redaction
        self._stream = result or sys.stdout
        self._progress_stream = progress or sys.stderr
        self._console = Console(file=self._stream, highlight=False, markup=False, emoji=False)
        self._has_tables = self._console.is_terminal and not self._console.is_dumb_terminal
        self._progress = ProgressDisplay(self._progress_stream)
        self._is_printed = False

    def handle(self, event: RunEvent) -> None:
        """Record the event, and print progress or the result."""
        self._record.handle(event)
        if isinstance(event, RunStarted):
            self._progress.begin()
            self._print_sentence(_first_sentence(event))
        elif isinstance(event, RunNote):
            self._print_sentence(event.sentence)
        elif isinstance(event, RunProgress):
            self._progress.advance(event)
        elif isinstance(event, RunFinished):
            self._print_result()

    def close(self) -> None:
        """Print the result, even if the run broke off."""
        self._print_result()
        self._stream.flush()

    def _print_sentence(self, sentence: str) -> None:
        self._progress.print_line(_escape_for(self._redaction.text(sentence), self._progress_stream))

    def _print_result(self) -> None:
        self._progress.end()
        if self._is_printed:
            return
        self._is_printed = True
        end = self._record.end
        is_silent = end.failure is not None and not self._record.has_answers
        if is_silent:
            # A target that answered nothing has shown nothing.
            self._print_failure()
            return
        self._print_findings()
        self._print_voices()
        self._print_claims()
        self._print_baseline()
        self._print_failure()
        if end.stopped is not None:
            self._print(f"Incomplete: {end.stopped}", style="yellow")
        tally = self._record.tally
        kinds = {"claim": "broken claim", "fuzz": "failure", "drift": "drift"}
        found = [count(number, kinds[kind]) for kind, number in tally.findings.items() if number]
        causes = len(self._record.groups)
        joined = f" of {count(causes, 'cause')}" if causes < len(self._record.findings) else ""
        summary = f"{', '.join(found) or 'nothing found'}{joined}"
        self._print(f"{count(end.requests_sent, 'request')} in {end.duration:.1f} s, {summary}")
        colour = "green" if end.exit_code == 0 else "red"
        self._print(verdict_line(self._record), style=f"bold {colour}")

    def _print_findings(self) -> None:
        groups = self._record.groups
        for first, *others in groups[:_MOST_WHOLE]:
            self._print_finding(first)
            self._print_others(others)
            self._print("")
        for first, *others in groups[_MOST_WHOLE:_MOST]:
            self._print_head(first, also=len(others))
        left = sum(map(len, groups[_MOST:]))
        if left:
            self._print(f"and {count(left, 'more finding')}; --report html=FILE has them all")
        if len(groups) > _MOST_WHOLE:
            self._print("")

    def _print_failure(self) -> None:
        for failed in self._record.failed_checks:
            self._print(f"failed to run: {failed.name}: {failed.reason}", style="bold red")
        failure = self._record.end.failure
        if failure is not None and not self._record.failed_checks:
            self._print(f"The target could not be tested ({failure.code}): {failure.message}", style="bold red")

    def _print_finding(self, reported: ReportedFinding) -> None:
        finding = reported.finding
        self._print_head(reported)
        self._print(f"  check     {finding.check}" + (f" at {finding.pointer}" if finding.pointer else ""))
        if finding.promise:
            self._print(f"  promise   {finding.promise}")
        if self._has_tables:
            sides = (_escape_for(truncate(side, _LENGTH), self._stream) for side in (finding.expected, finding.actual))
            self._console.print(sides_table(*sides))
        else:
            left, right = ("mock", "target") if finding.kind == "drift" else ("expected", "actual")
            self._print(f"  {left:<8}  {finding.expected}")
            self._print(f"  {right:<8}  {finding.actual}")
        if finding.steps:
            self._print_steps(reported)
        else:
            self._print(f"  {_short(reported.curl)}")
        for name, response in (("answer", finding.response), ("mock's", finding.mock_response)):
            if response is not None:
                self._print(f"  {name:<8}  {response.status} {truncate(decode_body(response.body), _LENGTH)}")

    def _print_steps(self, reported: ReportedFinding) -> None:
        """The last steps of a finding of state; its curl line alone would not show it."""
        lines = step_lines(reported.finding.steps)
        for number, line in enumerate(lines[-_MOST_STEPS:]):
            self._print(f"  {'' if number else 'steps':<8}  {line}")
        more = f"; {len(lines) - _MOST_STEPS} steps before these" if len(lines) > _MOST_STEPS else ""
        self._print(f"  again     mockserver replay {reported.id}{more}")

    def _print_others(self, others: Sequence[ReportedFinding]) -> None:
        for reported in others[:_MOST_ALSO]:
            finding = reported.finding
            place = f"{finding.operation} at {finding.pointer}" if finding.pointer else finding.operation
            self._print(f"  also      {place}: {finding.cause} [{reported.id}]")
        if len(others) > _MOST_ALSO:
            self._print(f"  also      {count(len(others) - _MOST_ALSO, 'more finding')} of this cause")

    def _print_head(self, reported: ReportedFinding, *, also: int = 0) -> None:
        finding = reported.finding
        more = f" and {also} more" if also else ""
        head = f"{finding.severity}: {finding.title}: {finding.operation} [{reported.id}]{more}"
        self._print(head, style=f"bold {_COLOURS[finding.severity]}")

    def _print_voices(self) -> None:
        contradictions = self._record.contradictions
        decided = [each for each in contradictions if each.alignment != "undecided"]
        if decided and self._has_tables:
            self._console.print(voices_table(decided, self._record.claims))
        elif decided:
            self._print("Where the voices contradict each other, the target follows:")
            for each in decided:
                self._print(f"  {each.name}: {each.sides_with or each.alignment}")
        if len(decided) < len(contradictions):
            self._print(f"{count(len(contradictions) - len(decided), 'contradiction')} undecided")

    def _print_claims(self) -> None:
        claims = self._record.claims
        if claims and self._has_tables:
            self._console.print(claims_table(claims))
        for claim in claims:
            if claim.verdict == "violated":
                accepted = ", accepted" if self._record.accepted_of(claim) else ""
                start = "violated" if claim.promised else "not promised, violated"
                line = f"{start}: {claim.id} ({claim.voice}{accepted})"
                self._print(f"{line}: {claim.reason}" if claim.reason else line, style="red" if claim.promised else "")
        reasons = Counter(claim.reason for claim in claims if claim.verdict == "undecided")
        for reason, number in sorted(reasons.items()):
            advice = f" ({needed} would decide)" if (needed := how_to_decide(reason)) else ""
            self._print(f"{count(number, 'claim')} undecided: {reason}{advice}")

    def _print_baseline(self) -> None:
        accepted, vanished = self._record.accepted, self._record.vanished
        for each in accepted:
            if each.is_new:
                self._print(f"accepted from now on: {each.title}: {each.operation} [{each.id}]", style="yellow")
        if accepted or vanished:
            names = "; ".join(f"{each.id} {each.title}".rstrip() for each in vanished)
            baseline = accepted[0].baseline if accepted else vanished[0].baseline
            line = f"{len(accepted)} accepted by {baseline}"
            self._print(f"{line}, {len(vanished)} vanished: {names}" if vanished else line)

    def _print(self, line: str, *, style: str = "") -> None:
        text = _escape_for(line, self._stream)
        if self._has_tables:
            # A broken curl line could not be copied.
            self._console.print(Text(text, style=style), soft_wrap=True)
        else:
            print(text, file=self._stream)


def _first_sentence(event: RunStarted) -> str:
    strict = ", strict" if event.is_strict else ""
    title = f"Checking {event.target}" if event.command == "check" else run_title(event.command, event.target)
    return f"{title}, profile {event.profile}{strict}, seed {event.seed}"


def _short(curl: str) -> str:
    # A shortened line would send another request.
    if len(curl) <= _CURL_LENGTH:
        return curl
    return f"(a curl line of {count(len(curl), 'character')}; --report scripts=FOLDER has it whole)"


def _escape_for(line: str, stream: TextIO) -> str:
    # A terminal with a smaller character set gets escapes, not an error.
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return escape_line(line).encode(encoding, "backslashreplace").decode(encoding)
