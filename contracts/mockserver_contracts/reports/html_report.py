"""The record of a run as one HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mockserver.coverage.rendering.report_page import render_page
from mockserver.printable import escape_line
from mockserver_contracts.exchange import Response
from mockserver_contracts.reports.advice import how_to_decide
from mockserver_contracts.reports.record import ReportedFinding, RunRecord
from mockserver_contracts.reports.reproduction.steps import step_lines
from mockserver_contracts.reports.response_diff import DiffLine, diff_responses
from mockserver_contracts.reports.text import count, decode_body, truncate
from mockserver_contracts.reports.verdict_line import verdict_line
from mockserver_contracts.reports.voices import Contradiction
from mockserver_contracts.results.claims import VOICES
from mockserver_contracts.results.finding import SEVERITIES, Finding
from mockserver_contracts.results.run_command import compares_with_mock
from mockserver_contracts.results.verdict import ClaimVerdict

_BODY_LENGTH: Final = 16_000
_CURL_LENGTH: Final = 64_000
_MARKS: Final = {"upheld": "✓", "violated": "✗", "undecided": "?", "failed": "!"}


@dataclass(frozen=True, slots=True)
class Headline:
    """The result of the run: a state for the colour, a title and a sentence."""

    state: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class VoiceScore:
    """The number of claims with each verdict; those whose check failed to run count as undecided.

    The profile does not promise `unpromised` of the violated ones.
    """

    name: str
    upheld: int
    violated: int
    unpromised: int
    undecided: int

    @property
    def total(self) -> int:
        """The number of all claims."""
        return self.upheld + self.violated + self.undecided


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The values of the template that the record does not have."""

    record: RunRecord

    @property
    def headline(self) -> Headline:
        """The result of the run, at the top of the page."""
        end, number = self.record.end, len(self.record.findings)
        if self.record.failed_checks:
            failed = count(len(self.record.failed_checks), "check")
            return Headline("outage", f"{failed} failed to run", f"The other findings are below.{self._unfinished}")
        if end.failure is not None:
            return Headline("outage", "The target could not be tested", f"{end.failure.code}: {end.failure.message}")
        if end.exit_code == 3:
            return Headline("outage", "The run broke off", f"{end.stopped}: the findings until then are below.")
        unfinished = self._unfinished
        if number and end.exit_code:
            return Headline("bad", count(number, "finding"), f"{self._severities}.{unfinished}")
        if number:
            none = f"None of them fails the run: {self._severities}."
            return Headline("noted", count(number, "finding"), f"{none}{unfinished}")
        if end.exit_code:
            return Headline(
                "bad", "Undecided claims", f"Nothing{self._new} found, but promised claims are undecided.{unfinished}"
            )
        if self.record.accepted:
            accepted = f"{count(len(self.record.accepted), 'finding')} accepted by the baseline."
            return Headline("noted", "Nothing new found", f"{accepted}{unfinished}")
        has_little_to_show = end.stopped is not None or (self.total.total and not self.total.upheld)
        return Headline("noted" if has_little_to_show else "good", "Nothing found", f"{self._good}{unfinished}")

    @property
    def _unfinished(self) -> str:
        stopped = self.record.end.stopped
        return f" Incomplete: {stopped}." if stopped is not None else ""

    @property
    def _new(self) -> str:
        return " new" if self.record.accepted else ""

    @property
    def _severities(self) -> str:
        found = [reported.finding.severity for reported in self.record.findings]
        names = {"error": "error", "warning": "warning", "info": "note"}
        return ", ".join(count(found.count(each), names[each]) for each in SEVERITIES if each in found)

    @property
    def _good(self) -> str:
        score = self.total
        if compares_with_mock(self.record.command):
            return "The target answered as the mock does."
        if not score.total:
            return "No answer broke the contract."
        if not score.undecided:
            return "No answer broke the contract, and every claim has its verdict."
        return f"No answer broke the contract. {count(score.undecided, 'claim')} undecided, which is not a pass."

    @property
    def total(self) -> VoiceScore:
        """The score of all claims."""
        return _score("all claims", self.record.claims)

    @property
    def voices(self) -> tuple[str, ...]:
        """The known voices, and any other voice of a claim."""
        return tuple(dict.fromkeys((*VOICES, *(claim.voice for claim in self.record.claims))))

    @property
    def contradicting_voices(self) -> tuple[str, ...]:
        """The voices of claims that contradict others."""
        claims = {claim for contradiction in self.record.contradictions for claim in contradiction.claims}
        return tuple(voice for voice in self.voices if any(claim.id in claims for claim in self.claims_of(voice)))

    @property
    def scores(self) -> tuple[VoiceScore, ...]:
        """The score of each voice."""
        return tuple(_score(voice, self.claims_of(voice)) for voice in self.voices)

    def claims_of(self, voice: str) -> tuple[ClaimVerdict, ...]:
        """The claims of the voice."""
        return tuple(claim for claim in self.record.claims if claim.voice == voice)

    def claims_in(self, contradiction: Contradiction, voice: str) -> tuple[ClaimVerdict, ...]:
        """The claims of the voice in the contradiction."""
        return tuple(claim for claim in self.claims_of(voice) if claim.id in contradiction.claims)

    def claims_violated_by(self, reported: ReportedFinding) -> tuple[ClaimVerdict, ...]:
        """The claims that the finding shows violated."""
        return tuple(claim for claim in self.record.claims if reported in self.record.findings_of(claim))


def render_html(record: RunRecord) -> str:
    """Render the record as an HTML page."""
    return render_page(
        "mockserver_contracts.reports",
        "report.html",
        "style.css",
        filters={
            "verdicts": verdict_line,
            "advice": how_to_decide,
            "answer": _answer,
            "sides": _sides,
            "command": _command,
            "line": escape_line,
            "steps": step_lines,
            "count": count,
        },
        page=ReportPage(record),
        record=record,
        end=record.end,
        marks=_MARKS,
    )


def _score(name: str, claims: Sequence[ClaimVerdict]) -> VoiceScore:
    found = Counter(claim.verdict for claim in claims)
    unpromised = sum(claim.verdict == "violated" and not claim.promised for claim in claims)
    return VoiceScore(name, found["upheld"], found["violated"], unpromised, found["undecided"] + found["failed"])


def _command(curl: str) -> str:
    # A shortened line would send another request.
    return curl if len(curl) <= _CURL_LENGTH else f"{count(len(curl), 'character')} long; the JSON report has it whole"


def _sides(finding: Finding) -> tuple[tuple[DiffLine, ...], tuple[DiffLine, ...]]:
    return diff_responses(finding.mock_response, finding.response)


def _answer(response: Response) -> str:
    headers = "\n".join(f"{escape_line(name)}: {escape_line(value)}" for name, value in response.headers.items())
    body = truncate(decode_body(response.body), _BODY_LENGTH) if response.body else "(empty body)"
    return f"{response.status}\n{truncate(headers, _BODY_LENGTH)}\n\n{body}"
