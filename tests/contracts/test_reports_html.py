"""The run as a page: whole without anything else, and only ever text of what others wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from mockserver_contracts.reports import html_report
from mockserver_contracts.reports.html_report import as_html
from mockserver_contracts.results.finding import FindingReported, RunFailure, RunFinished, RunStarted

from tests.contracts.runs import KEY
from tests.contracts.sample_events import (
    FAULTS,
    HOSTILE,
    URL,
    a_finding,
    a_hostile_run,
    a_record,
    a_run_with_a_dozen_findings,
    a_verdict,
    page_claims,
)

TEMPLATES: Final = Path(html_report.__file__).parent / "templates"
VOID: Final = {"meta", "rect", "wbr"}


class Page(HTMLParser):
    """A page taken apart; its elements must close as they opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def values(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


def page(*events: object, text: str | None = None) -> Page:
    return Page(text or as_html(a_record(events)))  # type: ignore[arg-type]  # the events are of the tests' own making


@pytest.fixture(scope="module")
def dozen() -> Page:
    return page(text=as_html(a_record(a_run_with_a_dozen_findings())))


def test_the_verdict_comes_first(dozen: Page) -> None:
    assert dozen.words.index("12 findings") < dozen.words.index("Four voices") < dozen.words.index("All claims")
    assert "9 errors, 2 warnings, 1 note." in dozen.words


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.check)
def test_a_finding_shows_expected_and_actual_and_how_to_see_it_again(dozen: Page, fault: object) -> None:
    finding = next(each for each in FAULTS if each is fault).finding
    about = dozen.words[dozen.words.index(f"{finding.kind} {finding.id}") :]
    for words in (finding.title, finding.operation, finding.expected, finding.actual, "curl -sS", URL):
        assert " ".join(words.split()) in about


def test_a_claims_finding_shows_the_claim_and_its_place_on_the_page(dozen: Page) -> None:
    assert "Claim session-expires-after-24-hours, made by the prose: note, bullet 3" in dozen.words


def test_a_request_without_a_whole_answer_says_so(dozen: Page) -> None:
    assert "The request got no whole answer." in dozen.words


def test_every_claim_has_its_verdict_reason_and_place(dozen: Page) -> None:
    ids = dozen.values("id")
    for claim in page_claims():
        assert f"claim-{claim['id']}" in ids
        assert claim["place"] in dozen.words
    assert "? undecided it can't be seen without a browser" in dozen.words.replace("not promised ", "")


def test_every_link_leads_to_a_place_on_the_page_and_every_place_is_one(dozen: Page) -> None:
    ids = dozen.values("id")
    assert len(ids) == len(set(ids))
    links = dozen.values("href")
    assert links
    assert all(link.removeprefix("#") in ids for link in links)


def test_the_four_voices_say_whom_the_target_follows(dozen: Page) -> None:
    voices = dozen.words[dozen.words.index("the target follows") : dozen.words.index("Findings 12")]
    assert re.search(r"✗ violated.*amount-any-number.*✓ upheld not promised openapi", voices)
    assert "python-sample and javascript-sample and openapi" in voices


@pytest.mark.parametrize("hostile", [False, True])
def test_the_page_runs_nothing_and_loads_nothing(hostile: bool) -> None:
    text = as_html(a_record(a_hostile_run() if hostile else a_run_with_a_dozen_findings()))
    found = page(text=text)
    assert not found.tags & {"script", "link", "img", "iframe", "object", "base", "form", "audio", "video", "image"}
    names = {name for name, _ in found.attributes}
    assert not [name for name in names if name.startswith("on")]
    assert not names & {"src", "srcset", "style", "action", "poster", "background", "xlink:href"}
    assert all(link.startswith("#") for link in found.values("href"))
    assert "url(" not in text[text.index("<style>") : text.index("</style>")]
    [policy] = [value for value in found.values("content") if value.startswith("default-src")]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; form-action 'none'", policy
    )


def test_what_a_hostile_server_answers_is_text() -> None:
    text = as_html(a_record(a_hostile_run()))
    assert "<script>alert(1)</script>" in page(text=text).text
    assert "<script" not in text
    assert "{{ 7*7 }}" in text
    for steering in "\x00\x08\x0b\x1b\x7f\x9b\u202e\u2066\ufffe\ud800":
        assert steering in HOSTILE
        assert steering not in text
    assert "\\u202e" in text
    assert len(text.encode("utf-8")) < 200_000


def test_a_body_that_is_cut_says_so() -> None:
    assert re.search(r"… \([0-9,]+ more characters\)", as_html(a_record(a_hostile_run())))


def test_a_curl_line_is_whole_or_not_there() -> None:
    text = as_html(a_record((FindingReported(a_finding(), "curl " + "a" * 100_000),)))
    assert "100,005 characters long; the JSON report has it whole" in text


def test_the_key_stands_nowhere() -> None:
    echo = a_finding(actual=f"it echoes {KEY}", title=KEY, pointer=f"/{KEY}")
    verdict = a_verdict("success-is-200", "undecided", reason=f"the server said {KEY}")
    events = (RunStarted(f"http://{KEY}@host", "page", 1), verdict, FindingReported(echo, f"curl {KEY}"))
    end = RunFinished(3, 1, 0.1, RunFailure("died", f"it died of {KEY}"), stopped=KEY)
    assert KEY not in as_html(a_record((*events, end)))
    assert KEY not in as_html(a_record(events))


@pytest.mark.parametrize(
    ("end", "title", "words"),
    [
        (
            RunFinished(3, 0, 0.1, RunFailure("unreachable", "nobody")),
            "The target could not be tested",
            "unreachable: nobody",
        ),
        (RunFinished(0, 9, 0.1), "Nothing found", "No answer broke the contract."),
        (
            RunFinished(0, 9, 0.1, stopped="the time budget is spent"),
            "Nothing found",
            "Incomplete: the time budget is spent.",
        ),
        (RunFinished(1, 9, 0.1), "Undecided claims", "what is promised is undecided"),
        (None, "The run broke off", "is below"),
    ],
)
def test_the_headline_says_what_the_run_came_to(end: RunFinished | None, title: str, words: str) -> None:
    found = page(*((RunStarted(URL, "page", 1), end) if end else (RunStarted(URL, "page", 1),)))
    assert found.words.startswith(f"{title} · {URL}")
    assert words in found.words


def test_no_template_marks_a_value_as_safe() -> None:
    for template in TEMPLATES.iterdir():
        text = template.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|\bstyle=|<script", text)
