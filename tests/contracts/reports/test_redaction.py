"""Keys stand in no output."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from mockserver_contracts.exchange import Response
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.record import RunRecord
from mockserver_contracts.reports.redaction.event_redaction import EventRedaction
from mockserver_contracts.reports.redaction.redaction import MARK, Redaction
from mockserver_contracts.results.events import (
    FindingReported,
    RunEvent,
)
from mockserver_contracts.target.key_variants import near_keys

from tests.contracts.reports.runs import a_finding
from tests.contracts.reports.test_json_report import write_report
from tests.contracts.runs import KEY, run_on, target_of
from tests.contracts.servers.independent import Other


def print_report(events: tuple[RunEvent, ...]) -> str:
    result = io.StringIO()
    redaction = Redaction([KEY])
    report = ConsoleReport(RunRecord(redaction, version="1"), redaction, result=result, progress=io.StringIO())
    for event in events:
        report.handle(event)
    report.close()
    return result.getvalue()


def test_echoed_key_stands_in_no_output(tmp_path: Path) -> None:
    events = run_on(target_of(Other("echoes_the_key"))).events
    assert any(
        isinstance(event, FindingReported) and KEY.encode() in event.finding.response.body
        for event in events
        if isinstance(event, FindingReported) and event.finding.response is not None
    )
    report = json.dumps(write_report(events, tmp_path))
    assert KEY not in report
    assert MARK in report
    assert "${VIDEO_DB_API_KEY:-sk-check}" in report
    assert KEY not in print_report(events)


def test_percent_encoded_key_is_redacted() -> None:
    assert Redaction(["sk a/b"]).text("?key=sk%20a%2Fb") == f"?key={MARK}"
    assert Redaction([""]).text("abc") == "abc"
    assert Redaction(["sk-a", "sk-a-long"]).text("sk-a-long sk-a") == f"{MARK} {MARK}"


@pytest.mark.parametrize("cause", near_keys(KEY))
def test_near_variant_of_a_key_is_redacted_but_for_what_is_no_part_of_the_key(cause: str) -> None:
    left = Redaction([KEY]).text(near_keys(KEY)[cause])
    assert MARK in left
    rest = left.replace(MARK, "")
    assert len(rest) <= len("sk-x")
    assert KEY[3:5] not in rest


def test_text_that_is_no_key_is_kept() -> None:
    text = '{"id": "cs_test_0123", "message": "sk- is the beginning of a key", "url": "https://shop.example/%73%6b-a"}'
    assert Redaction([KEY]).text(text) == text


@pytest.mark.parametrize("before", [65_536, 65_530, 81_910, 81_925, 0])
@pytest.mark.parametrize("keys", [1, 2_000])
def test_cut_answer_shows_no_part_of_a_key(before: int, keys: int) -> None:
    body = (KEY * keys).encode() + b"." * before + KEY.encode() + b"." * 100_000
    shown = EventRedaction(Redaction([KEY])).finding(a_finding(response=Response(200, {}, body))).response
    assert shown is not None
    assert len(shown.body) < 66_000
    assert shown.body.endswith(b"[cut behind 65,536 bytes]")
    left = shown.body.replace(MARK.encode(), b"").partition(b"\n[cut")[0]
    assert left.strip(b".") == b""


def test_answer_of_usual_length_is_whole() -> None:
    body = b"x" * 65_536
    shown = EventRedaction(Redaction([KEY])).finding(a_finding(response=Response(200, {}, body))).response
    assert shown is not None
    assert shown.body == body
