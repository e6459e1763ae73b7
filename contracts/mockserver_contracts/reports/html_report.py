"""The run as one HTML page that needs nothing but itself.

Rule 1: what others wrote is text: the templates escape everything, and mark nothing as safe.
Rule 2: the page loads nothing and runs nothing, and its policy forbids both.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from mockserver_contracts.reports.record import Record, Shown
from mockserver_contracts.reports.side_by_side import Line, side_by_side
from mockserver_contracts.reports.text import body_text, count, cut, lines, printable
from mockserver_contracts.reports.voices import VOICES, Contradiction
from mockserver_contracts.results.finding import SEVERITIES, Finding, Response
from mockserver_contracts.results.verdict import ClaimVerdict
from mockserver_contracts.target.abilities import how_to_decide

_MOST_BODY: Final = 16_000
_MOST_CURL: Final = 64_000
_MARKS: Final = {"upheld": "✓", "violated": "✗", "undecided": "?"}


@dataclass(frozen=True, slots=True)
class Headline:
    """What the run comes to, in a word for its colour, a title and a sentence."""

    state: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Score:
    """How many claims were judged how; `unpromised` of the violated ones the profile does not promise."""

    name: str
    upheld: int
    violated: int
    unpromised: int
    undecided: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.upheld + self.violated + self.undecided


@dataclass(frozen=True, slots=True)
class Page:
    """What the template asks a record."""

    record: Record

    @property
    def headline(self) -> Headline:
        """The verdict, first of all."""
        end, number = self.record.end, len(self.record.findings)
        if end.failure is not None:
            return Headline("outage", "The target could not be tested", f"{end.failure.code}: {end.failure.message}")
        if end.exit_code == 3:
            return Headline("outage", "The run broke off", "What it had learned until then is below.")
        unfinished = f" Incomplete: {end.stopped}." if end.stopped is not None else ""
        if number and end.exit_code:
            return Headline("bad", count(number, "finding"), f"{self._severities}.{unfinished}")
        if number:
            none = f"None of them fails the run: {self._severities}."
            return Headline("noted", count(number, "finding"), f"{none}{unfinished}")
        if end.exit_code:
            return Headline(
                "bad", "Undecided claims", f"Nothing{self._new} found, but what is promised is undecided.{unfinished}"
            )
        if self.record.accepted:
            accepted = f"{count(len(self.record.accepted), 'finding')} accepted by the baseline."
            return Headline("noted", "Nothing new found", f"{accepted}{unfinished}")
        is_told_little = end.stopped is not None or (self.total.total and not self.total.upheld)
        return Headline("noted" if is_told_little else "good", "Nothing found", f"{self._good}{unfinished}")

    @property
    def _new(self) -> str:
        return " new" if self.record.accepted else ""

    @property
    def _severities(self) -> str:
        found = [shown.finding.severity for shown in self.record.findings]
        names = {"error": "error", "warning": "warning", "info": "note"}
        return ", ".join(count(found.count(each), names[each]) for each in SEVERITIES if each in found)

    @property
    def _good(self) -> str:
        score = self.total
        if not score.total:
            return "No answer broke the contract."
        if not score.undecided:
            return "No answer broke the contract, and every claim has its verdict."
        return f"No answer broke the contract. {count(score.undecided, 'claim')} undecided, which counts as no pass."

    @property
    def total(self) -> Score:
        """All claims."""
        return _score("all claims", self.record.claims)

    @property
    def voices(self) -> tuple[str, ...]:
        """The four voices, and any other that a claim names."""
        return tuple(dict.fromkeys((*VOICES, *(claim.voice for claim in self.record.claims))))

    @property
    def scores(self) -> tuple[Score, ...]:
        """The claims counted, voice by voice."""
        return tuple(_score(voice, self.claims_of(voice)) for voice in self.voices)

    def claims_of(self, voice: str) -> tuple[ClaimVerdict, ...]:
        """What the voice claims."""
        return tuple(claim for claim in self.record.claims if claim.voice == voice)

    def claims_in(self, contradiction: Contradiction, voice: str) -> tuple[ClaimVerdict, ...]:
        """What the voice claims in the contradiction."""
        return tuple(claim for claim in self.claims_of(voice) if claim.id in contradiction.claims)

    def claims_shown_by(self, shown: Shown) -> tuple[ClaimVerdict, ...]:
        """The claims of which the finding is evidence."""
        return tuple(claim for claim in self.record.claims if shown in self.record.findings_of(claim))


def as_html(record: Record) -> str:
    """The record as an HTML page."""
    templates = Environment(
        loader=PackageLoader("mockserver_contracts.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_readable,
    )
    templates.filters.update(
        how=how_to_decide, answer=_answer, sides=_sides, command=_command, line=printable, count=count
    )
    style = templates.get_template("style.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return templates.get_template("report.html").render(
        page=Page(record), record=record, end=record.end, marks=_MARKS, style_hash=f"sha256-{digest}"
    )


def _score(name: str, claims: Sequence[ClaimVerdict]) -> Score:
    found = Counter(claim.verdict for claim in claims)
    unpromised = sum(claim.verdict == "violated" and not claim.promised for claim in claims)
    return Score(name, found["upheld"], found["violated"], unpromised, found["undecided"])


def _readable(value: object) -> object:
    # Whatever is put in is made printable first, and then escaped; markup comes from the template's own macros alone.
    return lines(value) if type(value) is str else value


def _command(curl: str) -> str:
    # A line cut short would send another request than the one that showed the finding.
    return curl if len(curl) <= _MOST_CURL else f"{count(len(curl), 'character')} long; the JSON report has it whole"


def _sides(finding: Finding) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    return side_by_side(finding.mock_response, finding.response)


def _answer(response: Response) -> str:
    headers = "\n".join(f"{printable(name)}: {printable(value)}" for name, value in response.headers.items())
    body = cut(body_text(response.body), _MOST_BODY) if response.body else "(empty body)"
    return f"{response.status}\n{cut(headers, _MOST_BODY)}\n\n{body}"
