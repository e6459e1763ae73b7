"""The HTML report in Chromium: it fits every screen and sends no request."""

from __future__ import annotations

from pathlib import Path

import pytest
from mockserver_contracts.reports.html_report import render_html
from mockserver_contracts.results.events import RunEvent

from tests.browser.chromium import launched
from tests.contracts.reports.runs import a_hostile_run, a_record, a_run_with_a_dozen_findings

BIG_ENOUGH = """() => [...document.querySelectorAll('main p, main a, main dd, main td, main li, main pre')]
    .filter(each => each.getClientRects().length && each.getBoundingClientRect().right > innerWidth)
    .map(each => each.outerHTML.slice(0, 100))"""


@pytest.mark.browser
@pytest.mark.parametrize(
    "events",
    [pytest.param(a_run_with_a_dozen_findings(), marks=pytest.mark.long), pytest.param(a_hostile_run())],
    ids=["a dozen", "hostile"],
)
def test_page_fits_every_screen_and_sends_no_request(events: tuple[RunEvent, ...], tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render_html(a_record(events)), "utf-8")
    complaints: list[str] = []
    asked: list[str] = []
    with launched() as browser:
        for scheme in ("light", "dark"):
            for width in (320, 768, 1440):
                page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
                page.on("console", lambda message: complaints.append(message.text))
                page.on("dialog", lambda dialog: complaints.append(dialog.message))
                page.on("request", lambda request: asked.append(request.url))
                page.goto(file.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") == width
                assert page.evaluate(BIG_ENOUGH) == []
                assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
                page.close()
    assert complaints == []
    assert set(asked) == {file.as_uri()}
