"""The report as text for a terminal."""

from __future__ import annotations

from mockserver.coverage.rendering.text import WIDTH, render_text
from mockserver.coverage.report.merge import merge_reports
from tests.coverage.rendering.reports import HOSTILE, a_hostile_report, a_large_report, a_report


def test_text_begins_with_the_result() -> None:
    first = render_text(a_report()).splitlines()[0]
    total = a_report().total
    assert first == (
        f"Coverage {total.percent} %: {total.covered} of {total.total} goals, by 4 exchanges"
        " (VideoDB Server API, profile page)"
    )


def test_text_names_what_was_never_sent_answered_and_given() -> None:
    text = " ".join(render_text(a_report()).split())
    assert "1 request went to no declared operation." in text
    assert "never answered: 401; 413; 415; 431" in text
    assert "answered, though the contract does not declare it: status 503 (1)" in text
    assert "never sent: a request without the body; a body of another type" in text
    assert "Never sent: GET /billing/checkouts; GET /billing/usage;" in text


def test_text_shows_requests_that_would_touch_a_claim() -> None:
    text = render_text(a_report())
    assert "checkout-buys-credits (prose): A checkout session stands for a purchase" in text
    assert """-d '{"mode": "payment"}' http://127.0.0.1:8765/billing/checkout""" in text


def test_text_of_a_large_contract_is_short() -> None:
    lines = render_text(a_large_report()).splitlines()
    assert len(lines) < 30
    assert all(len(line) <= WIDTH for line in lines)
    assert any("more" in line for line in lines)


def test_control_characters_of_a_contract_are_escaped() -> None:
    text = render_text(a_hostile_report())
    assert HOSTILE not in text
    assert text.replace("\n", "").isprintable()


def test_empty_report_has_a_headline() -> None:
    assert render_text(merge_reports([])).startswith("Coverage 100.0 %: 0 of 0 goals, by 0 exchanges (no contract)")
