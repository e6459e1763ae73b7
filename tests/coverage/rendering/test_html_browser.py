"""The HTML report in Chromium: it fits every screen, sends no request, and is accessible."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from mockserver.coverage.rendering.html import render_html
from mockserver.coverage.report.coverage_report import CoverageReport
from tests.browser.axe_core import axe_violations
from tests.browser.chromium import launched
from tests.coverage.rendering.reports import a_hostile_report, a_report
from tests.matrix import long_but

OUTSIDE = """() => [...document.querySelectorAll('main p, main a, main td, main li, main pre')]
    .filter(each => each.getClientRects().length && each.getBoundingClientRect().right > innerWidth)
    .map(each => each.outerHTML.slice(0, 100))"""

LINES = """it => {
    const range = new Range();
    range.selectNodeContents(it);
    return new Set([...range.getClientRects()].map(({ y }) => Math.round(y / 8))).size;
}"""


HOSTILE: Final = a_hostile_report()


@pytest.mark.browser
@pytest.mark.parametrize("report", long_but(HOSTILE, of=[a_report(), HOSTILE]), ids=["usual", "hostile"])
def test_page_fits_every_screen_and_sends_no_request(report: CoverageReport, tmp_path: Path) -> None:
    file = tmp_path / "coverage.html"
    file.write_text(render_html(report), "utf-8")
    complaints: list[str] = []
    asked: list[str] = []
    with launched() as browser:
        for scheme in ("light", "dark"):
            for width in (320, 768, 1440):
                page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
                page.on("console", lambda message: complaints.append(message.text))
                page.on("request", lambda request: asked.append(request.url))
                page.goto(file.as_uri())
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert page.evaluate("document.documentElement.scrollWidth") == width
                assert page.evaluate(OUTSIDE) == []
                page.close()
    assert complaints == []
    assert set(asked) == {file.as_uri()}


@pytest.mark.browser
@pytest.mark.parametrize("width", long_but(390, of=[390, 1440]))
def test_words_of_the_operations_are_whole(width: int, tmp_path: Path) -> None:
    file = tmp_path / "coverage.html"
    file.write_text(render_html(a_report()), "utf-8")
    with launched() as browser:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(file.as_uri())
        # a method and a path take two lines at most, a heading and a figure one
        for part, most in ((".overview td code", 2), (".overview th:not(.wide-only)", 1), (".overview .figures", 1)):
            assert max(each.evaluate(LINES) for each in page.locator(part).all()) <= most, part


@pytest.mark.browser
def test_page_has_no_axe_violations(tmp_path: Path) -> None:
    file = tmp_path / "coverage.html"
    file.write_text(render_html(a_report()), "utf-8")
    with launched() as browser:
        page = browser.new_page(bypass_csp=True)
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert axe_violations(page) == []
