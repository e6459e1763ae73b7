"""The HTML report is one page without other files, and foreign text stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from mockserver_contracts.reports import html_report
from mockserver_contracts.reports.html_report import render_html
from mockserver_contracts.results.events import FindingReported, RunFailure, RunFinished, RunStarted

from tests.contracts.reports.runs import (
    HOSTILE,
    SAMPLES,
    URL,
    a_finding,
    a_hostile_run,
    a_record,
    a_run_with_a_dozen_findings,
    a_verdict,
)
from tests.contracts.runs import CLAIMS, KEY

TEMPLATES: Final = Path(html_report.__file__).parent / "templates"
VOID: Final = {"meta", "rect", "wbr"}


class Page(HTMLParser):
    """A parsed page. Its elements must be closed in order."""

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
    return Page(text or render_html(a_record(events)))  # type: ignore[arg-type]  # the events are of the tests' own making


@pytest.fixture(scope="module")
def dozen() -> Page:
    return page(text=render_html(a_record(a_run_with_a_dozen_findings())))


def test_result_stands_before_voices_and_claims(dozen: Page) -> None:
    assert dozen.words.index("12 findings") < dozen.words.index("Voices") < dozen.words.index("All claims")
    assert "9 errors, 2 warnings, 1 note." in dozen.words


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.check)
def test_finding_shows_expected_and_actual_text_and_a_curl_line(dozen: Page, sample: object) -> None:
    finding = next(each for each in SAMPLES if each is sample).finding
    about = dozen.words[dozen.words.index(f"{finding.kind} {finding.id}") :]
    for words in (finding.title, finding.operation, finding.expected, finding.actual, "curl -sS", URL):
        assert " ".join(words.split()) in about


def test_finding_of_a_claim_shows_the_claim_and_its_place(dozen: Page) -> None:
    assert "Claim session-expires-after-24-hours, made by the prose: note, bullet 3" in dozen.words


def test_finding_without_a_response_says_so(dozen: Page) -> None:
    assert "The request got no whole answer." in dozen.words


def test_claim_has_its_verdict_reason_and_place(dozen: Page) -> None:
    ids = dozen.values("id")
    for claim in CLAIMS:
        assert f"claim-{claim.id}" in ids
        assert claim.place in dozen.words
    assert "? undecided it can't be seen without a browser" in dozen.words.replace("not promised ", "")


def test_links_lead_to_ids_of_the_page_and_ids_are_unique(dozen: Page) -> None:
    ids = dozen.values("id")
    assert len(ids) == len(set(ids))
    links = dozen.values("href")
    assert links
    assert all(link.removeprefix("#") in ids for link in links)


def test_contradicting_voices_show_the_ones_that_the_target_follows(dozen: Page) -> None:
    voices = dozen.words[dozen.words.index("the target follows") : dozen.words.index("All claims 5")]
    assert re.search(r"✗ violated.*amount-any-number.*✓ upheld not promised openapi", voices)
    assert "python-sample and javascript-sample and openapi" in voices


@pytest.mark.parametrize("hostile", [False, True])
def test_page_runs_no_script_and_loads_nothing(hostile: bool) -> None:
    text = render_html(a_record(a_hostile_run() if hostile else a_run_with_a_dozen_findings()))
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


def test_hostile_answer_stays_text_on_the_page() -> None:
    text = render_html(a_record(a_hostile_run()))
    assert "<script>alert(1)</script>" in page(text=text).text
    assert "<script" not in text
    assert "{{ 7*7 }}" in text
    for steering in "\x00\x08\x0b\x1b\x7f\x9b\u202e\u2066\ufffe\ud800":
        assert steering in HOSTILE
        assert steering not in text
    assert "\\u202e" in text
    assert len(text.encode("utf-8")) < 200_000


def test_truncated_body_says_so() -> None:
    assert re.search(r"… \([0-9,]+ more characters\)", render_html(a_record(a_hostile_run())))


def test_long_curl_line_is_replaced_by_a_sentence() -> None:
    text = render_html(a_record((FindingReported(a_finding(), "curl " + "a" * 100_000),)))
    assert "100,005 characters long; the JSON report has it whole" in text


def test_key_stands_nowhere_on_the_page() -> None:
    echo = a_finding(actual=f"it echoes {KEY}", title=KEY, pointer=f"/{KEY}")
    verdict = a_verdict("success-is-200", "undecided", reason=f"the server said {KEY}")
    events = (RunStarted(f"http://{KEY}@host", "page", 1), verdict, FindingReported(echo, f"curl {KEY}"))
    end = RunFinished(3, 1, 0.1, RunFailure("died", f"it died of {KEY}"), stopped=KEY)
    assert KEY not in render_html(a_record((*events, end)))
    assert KEY not in render_html(a_record(events))


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
        (
            RunFinished(3, 9, 0.1, stopped="the time budget is spent"),
            "The run broke off",
            "the time budget is spent: the findings until then are below",
        ),
        (RunFinished(1, 9, 0.1), "Undecided claims", "promised claims are undecided"),
        (None, "The run broke off", "are below"),
    ],
)
def test_headline_states_the_result_of_the_run(end: RunFinished | None, title: str, words: str) -> None:
    found = page(*((RunStarted(URL, "page", 1), end) if end else (RunStarted(URL, "page", 1),)))
    assert found.words.startswith(f"{title} · {URL}")
    assert words in found.words


def test_templates_mark_no_value_as_safe() -> None:
    for template in TEMPLATES.iterdir():
        text = template.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|\bstyle=|<script", text)
