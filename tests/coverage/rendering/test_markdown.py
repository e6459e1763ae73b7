"""The report as Markdown for a pull request."""

from __future__ import annotations

from markdown_it import MarkdownIt

from mockserver.coverage.rendering.markdown import MOST, render_markdown
from mockserver.coverage.report.merge import merge_reports
from tests.coverage.counted import a_contract, an_exchange, counted
from tests.coverage.rendering.reports import a_hostile_report, a_large_report, a_report


def test_markdown_has_the_result_the_kinds_and_the_operations() -> None:
    text = render_markdown(a_report())
    assert text.startswith(f"## Contract coverage: {a_report().total.percent} %\n")
    assert "| statuses | 2 | 38 | 5.2 % |" in text
    assert "### `POST /billing/checkout`" in text
    assert "- **never answered:** `401`, `413`, `415`, `431`" in text
    assert "**Never sent:** `GET /billing/checkouts`" in text


def test_markdown_folds_the_requests_that_touch_a_claim() -> None:
    text = render_markdown(a_report())
    assert "<details><summary><code>checkout-buys-credits</code></summary>" in text
    assert """-d '{"mode": "payment"}'""" in text


def test_names_of_a_contract_make_no_markup_link_or_mention() -> None:
    for token in MarkdownIt("commonmark").parse(render_markdown(a_hostile_report())):
        assert token.type != "html_block"
        for child in token.children or ():
            assert child.type not in ("html_inline", "link_open", "image")
            assert child.type == "code_inline" or "@" not in child.content


def test_markdown_is_short_enough_for_a_comment_and_says_what_is_left_out() -> None:
    members = {f"{number}{'x' * 150}": {"type": "string"} for number in range(20)}
    paths = [f"/{number}" for number in range(60)]
    text = render_markdown(
        merge_reports(
            counted(a_contract({"properties": members}, path=path), an_exchange({}, path=path)) for path in paths
        )
    )
    assert len(text) <= MOST
    assert "more sections; the HTML and JSON reports have them all." in text
    assert len(render_markdown(a_large_report())) <= MOST
