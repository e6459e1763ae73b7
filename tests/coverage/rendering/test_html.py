"""The report as one HTML page."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mockserver.coverage.rendering import html
from mockserver.coverage.rendering.html import render_html
from mockserver.coverage.report.coverage_report import CoverageReport
from mockserver.coverage.report.merge import merge_reports
from tests.coverage.counted import a_contract, an_exchange, counted
from tests.coverage.rendering.reports import a_hostile_report, a_large_report, a_report

TEMPLATES = Path(html.__file__).parent / "templates"
VOID = {"meta", "rect", "br"}
REPORTS = [a_report, a_hostile_report, a_large_report, lambda: merge_reports([])]


class _Page(HTMLParser):
    """A page; its elements must be closed in order."""

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


@pytest.mark.parametrize("make_report", REPORTS, ids=["usual", "hostile", "large", "empty"])
def test_page_is_well_formed_and_loads_nothing(make_report: Callable[[], CoverageReport]) -> None:
    page = _Page(render_html(make_report()))
    assert not page.tags & {"script", "link", "img", "iframe", "form"}
    assert [value for name, value in page.attributes if name in ("src", "style", "onclick")] == []
    assert all((value or "").startswith("#") for name, value in page.attributes if name == "href")


@pytest.mark.parametrize("make_report", REPORTS, ids=["usual", "hostile", "large", "empty"])
def test_links_lead_to_places_on_the_page(make_report: Callable[[], CoverageReport]) -> None:
    page = _Page(render_html(make_report()))
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    assert {f"#{each}" for each in ids} >= {value for name, value in page.attributes if name == "href"}


def test_policy_allows_the_style_of_the_page_alone() -> None:
    text = render_html(a_report())
    [found] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'",
        found.replace("&#39;", "'"),
    )


def test_page_shows_result_misses_and_requests() -> None:
    text = " ".join(_Page(render_html(a_report())).text.split())
    assert f"{a_report().total.percent} %" in text
    assert "never sent" in text
    assert "status 503 \u00d7 1" in text
    assert "a request without the body" in text
    assert """curl -sS -H 'x-access-token: sk-demo'""" in text


def test_operation_without_misses_says_so() -> None:
    report = counted(a_contract(), an_exchange())
    assert "Every goal is reached." in render_html(report)
    assert "Every goal is reached." not in render_html(a_report())


def test_names_of_a_contract_stay_text() -> None:
    text = render_html(a_hostile_report())
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in _Page(text).text


def test_templates_mark_nothing_as_safe() -> None:
    for file in TEMPLATES.iterdir():
        assert "|safe" not in file.read_text("utf-8").replace(" ", "")
