"""The run for a person: on a terminal, and where there is none."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from typing import Final

import pytest
from mockserver_contracts.reports import progress as progress_module
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.redaction import Redaction
from mockserver_contracts.results.finding import (
    Event,
    FindingReported,
    RunFailure,
    RunFinished,
    RunNote,
    RunProgress,
    RunStarted,
)

from tests.contracts.runs import KEY
from tests.contracts.sample_events import a_hostile_run, a_record, a_run_with_a_dozen_findings, a_verdict

CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
COLOUR: Final = re.compile(r"\x1b\[(?:\d+;)*3\d(?:;\d+)*m")


class Terminal(io.StringIO):
    """What believes it is a terminal."""

    encoding = "utf-8"

    def __init__(self, awaited: str = "waiting for the first answer") -> None:
        super().__init__()
        self._awaited = awaited
        self.came = threading.Event()

    def write(self, text: str) -> int:
        if self._awaited in text:
            self.came.set()
        return super().write(text)

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _a_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def told(events: tuple[Event, ...], result: io.StringIO, progress: io.StringIO | None = None) -> str:
    report = ConsoleReport(a_record(()), Redaction([KEY]), result=result, progress=progress or io.StringIO())
    for event in events:
        report.handle(event)
    report.close()
    return result.getvalue()


def plain(events: tuple[Event, ...]) -> str:
    return told(events, io.StringIO())


def test_without_a_terminal_it_is_plain_lines() -> None:
    result = plain(a_run_with_a_dozen_findings())
    assert "\x1b" not in result
    assert not set("─━│┃┏╭") & set(result)
    lines = result.splitlines()
    assert "  amount-whole-dollars / amount-any-number: openapi" in lines
    assert "violated: no-field-is-required (openapi, not promised): a request without anything" in result
    assert lines[-1] == "35 upheld, 6 violated, 5 undecided"


def test_on_a_terminal_there_are_tables_and_colours() -> None:
    result = told(a_run_with_a_dozen_findings(), Terminal())
    assert COLOUR.search(result)
    shown = CONTROL.sub("", result)
    assert "Four voices" in shown
    assert re.search(r"openapi +amount-any-number +yes", shown)
    assert re.search(r"openapi +15 +3 +2", shown)
    assert shown.splitlines()[-1] == "35 upheld, 6 violated, 5 undecided"


def test_a_curl_line_stays_one_line_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    events = a_run_with_a_dozen_findings()
    lines = CONTROL.sub("", told(events, Terminal())).splitlines()
    curls = [event.curl for event in events if isinstance(event, FindingReported)]
    assert [line.strip() for line in lines if line.startswith("  curl ")] == curls


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    result = told(a_run_with_a_dozen_findings(), Terminal())
    assert not COLOUR.search(result)
    assert "Four voices" in result


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert told(a_run_with_a_dozen_findings(), Terminal()) == plain(a_run_with_a_dozen_findings())


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_what_a_hostile_server_answers_is_no_markup_and_steers_nothing(stream: Callable[[], io.StringIO]) -> None:
    result = told(a_hostile_run(), stream())
    assert "[bold red]x[/]" in result.replace("\n", "")
    assert "\\x1b[2J" in result
    left = re.sub(r"\x1b\[[0-9;]*m", "", result)
    assert not set(left) & set("\x00\x07\x08\x0b\x1b\x7f\x9b\u202e\u2066\ud800")
    assert len(result) < 100_000


def test_a_terminal_of_fewer_characters_is_not_broken() -> None:
    class Old(Terminal):
        encoding = "ascii"

    result = told((*a_hostile_run()[:-1], RunFinished(1, 3, 1.0)), Old())
    result.encode("ascii")


def test_a_run_that_broke_off_is_told_as_one() -> None:
    result = plain((RunStarted("mock", "page", 1), a_verdict("success-is-200")))
    assert result.splitlines()[-3] == "Incomplete: the run broke off"
    assert result.splitlines()[-1] == "1 upheld, 0 violated, 0 undecided"


def test_an_outage_says_why() -> None:
    result = plain((RunFinished(3, 0, 0.1, RunFailure("unreachable", f"nothing listens at {KEY}")),))
    assert result.startswith("The target could not be tested (unreachable): nothing listens at [redacted]\n")


def test_contradictions_that_are_undecided_are_counted_only() -> None:
    result = plain((a_verdict("amount-whole-dollars", "undecided", reason="no"), RunFinished(0, 1, 0.1)))
    assert "1 contradiction undecided" in result


def test_a_short_run_shows_no_progress_and_a_long_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    told((RunStarted("mock", "page", 1), RunProgress("page", "fuzzing", 10, 0)), io.StringIO(), shown)
    assert shown.getvalue() == "Checking mock, profile page, seed 1\n"
    monkeypatch.setattr(progress_module, "_FIRST_AFTER", 0.0)
    told((RunNote("On rails."), RunProgress("page", "fuzzing", 1_000, 1)), io.StringIO(), shown)
    assert shown.getvalue().endswith("On rails.\n  page: fuzzing, 1,000 requests, 1 finding\n")


def test_on_a_terminal_progress_moves_even_if_nothing_happens_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "_FIRST_AFTER", 0.0)
    shown = Terminal()
    report = ConsoleReport(a_record(()), Redaction([]), result=io.StringIO(), progress=shown)
    report.handle(RunStarted("mock", "page", 1))
    assert shown.came.wait(10)
    report.handle(RunNote("On rails."))
    report.handle(RunProgress("page", "fuzzing", 5, 0))
    report.close()
    assert "On rails." in shown.getvalue()
    # the cursor is back, and the moving line is wiped
    assert shown.getvalue().rstrip("\n").endswith(("\x1b[?25h", "\x1b[2K"))


def test_what_only_claims_to_be_a_terminal_gets_no_moving_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress_module, "_FIRST_AFTER", 0.0)
    shown = io.StringIO()
    result = told((RunStarted("mock", "page", 1), RunProgress("page", "fuzzing", 5, 0)), io.StringIO(), shown)
    assert "\x1b" not in shown.getvalue()
    assert "\x1b" in result
