"""The report on the console, with and without a terminal."""

from __future__ import annotations

import io
import re
import threading
from collections import Counter
from collections.abc import Callable
from typing import Final

import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.reports import progress as progress_module
from mockserver_contracts.reports.console import ConsoleReport
from mockserver_contracts.reports.redaction.redaction import Redaction
from mockserver_contracts.results.claims import Claim
from mockserver_contracts.results.events import (
    ClaimDecided,
    FindingReported,
    RunEvent,
    RunFailure,
    RunFinished,
    RunNote,
    RunProgress,
    RunStarted,
)

from tests.contracts.reports.runs import a_finding, a_hostile_run, a_record, a_run_with_a_dozen_findings, a_verdict
from tests.contracts.runs import KEY, run_on, target_of
from tests.contracts.servers.independent import Other

CLAIM = Claim(id="a-claim", voice="prose", place="a place", statement="It is\n  so.", promised_by=("page",))
CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
COLOUR: Final = re.compile(r"\x1b\[(?:\d+;)*3\d(?:;\d+)*m")


class Terminal(io.StringIO):
    """A stream that passes for a terminal."""

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


def print_report(events: tuple[RunEvent, ...], result: io.StringIO, progress: io.StringIO | None = None) -> str:
    report = ConsoleReport(a_record(()), Redaction([KEY]), result=result, progress=progress or io.StringIO())
    for event in events:
        report.handle(event)
    report.close()
    return result.getvalue()


def verdicts_of(events: tuple[RunEvent, ...], *, voice: str | None = None) -> Counter[str]:
    """The verdicts of a run, counted anew: of one voice, or of all."""
    claims = (event.claim for event in events if isinstance(event, ClaimDecided))
    return Counter(claim.verdict for claim in claims if voice in (None, claim.voice))


def last_line(events: tuple[RunEvent, ...]) -> str:
    counts, claims = verdicts_of(events), [event.claim for event in events if isinstance(event, ClaimDecided)]
    assert all(counts[verdict] > 0 for verdict in ("upheld", "violated", "undecided"))
    aside = sum(claim.verdict == "violated" and not claim.promised for claim in claims)
    assert aside > 0
    violated = f"{counts['violated'] - aside} violated"
    end = next(event for event in events if isinstance(event, RunFinished))
    upheld = f"{counts['upheld']} claim{'s' * (counts['upheld'] > 1)} upheld"
    undecided = f"{counts['undecided']} undecided; {aside} of the unpromised violated"
    return f"{upheld}, {violated}, {undecided}; exit {end.exit_code}"


def plain(events: tuple[RunEvent, ...]) -> str:
    return print_report(events, io.StringIO())


def test_file_stream_gets_plain_lines() -> None:
    result = plain(a_run_with_a_dozen_findings())
    assert "\x1b" not in result
    assert not set("─━│┃┏╭") & set(result)
    lines = result.splitlines()
    assert "  amount-whole-dollars / amount-any-number: openapi" in lines
    assert "not promised, violated: no-field-is-required (openapi): a request without anything" in result
    assert lines[-1] == last_line(a_run_with_a_dozen_findings())


def test_terminal_gets_tables_and_colours() -> None:
    result = print_report(a_run_with_a_dozen_findings(), Terminal())
    assert COLOUR.search(result)
    screen = CONTROL.sub("", result)
    assert "Voices" in screen
    assert re.search(r"openapi +amount-any-number +yes", screen)
    counts = verdicts_of(a_run_with_a_dozen_findings(), voice="openapi")
    row = " +".join(str(counts[verdict]) for verdict in ("upheld", "violated", "undecided"))
    assert re.search(rf"openapi +{row}", screen)
    assert screen.splitlines()[-1] == last_line(a_run_with_a_dozen_findings())


def test_curl_line_stays_one_line_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    events = a_run_with_a_dozen_findings()
    lines = CONTROL.sub("", print_report(events, Terminal())).splitlines()
    curls = [event.curl for event in events if isinstance(event, FindingReported)]
    assert [line.strip() for line in lines if line.startswith("  curl ")] == curls


def test_no_color_removes_colours_and_keeps_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    result = print_report(a_run_with_a_dozen_findings(), Terminal())
    assert not COLOUR.search(result)
    assert "Voices" in result


def test_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert print_report(a_run_with_a_dozen_findings(), Terminal()) == plain(a_run_with_a_dozen_findings())


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_hostile_answer_is_no_markup_and_steers_no_terminal(stream: Callable[[], io.StringIO]) -> None:
    result = print_report(a_hostile_run(), stream())
    assert "[bold red]x[/]" in result.replace("\n", "")
    assert "\\x1b[2J" in result
    left = re.sub(r"\x1b\[[0-9;]*m", "", result)
    assert not set(left) & set("\x00\x07\x08\x0b\x1b\x7f\x9b\u202e\u2066\ud800")
    assert len(result) < 100_000


def test_ascii_terminal_gets_ascii_alone() -> None:
    class Old(Terminal):
        encoding = "ascii"

    result = print_report((*a_hostile_run()[:-1], RunFinished(1, 3, 1.0)), Old())
    result.encode("ascii")


def test_broken_off_run_is_printed_as_incomplete() -> None:
    result = plain((RunStarted("mock", "page", 1), a_verdict("success-is-200")))
    assert result.splitlines()[-3] == "Incomplete: the run broke off"
    assert result.splitlines()[-1] == "1 claim upheld, 0 violated, 0 undecided; exit 3"


def test_outage_is_printed_with_its_reason() -> None:
    result = plain((RunFinished(3, 0, 0.1, RunFailure("unreachable", f"nothing listens at {KEY}")),))
    assert result.startswith("The target could not be tested (unreachable): nothing listens at [redacted]\n")


def test_unreachable_target_is_all_that_is_printed() -> None:
    end = RunFinished(3, 0, 0.1, RunFailure("unreachable", "nobody listens"))
    result = plain((a_verdict("success-is-200", "undecided", reason="the target could not be tested"), end))
    assert result == "The target could not be tested (unreachable): nobody listens\n"


def test_many_findings_are_printed_whole_in_a_line_or_as_a_number() -> None:
    findings = [FindingReported(a_finding(cause=f"cause {number}"), f"curl {number}") for number in range(70)]
    lines = plain((*findings, RunFinished(1, 70, 1.0))).splitlines()
    assert sum(line.startswith("  curl ") for line in lines) == 12
    assert sum(line.startswith("error: ") for line in lines) == 50
    assert "and 20 more findings; --report html=FILE has them all" in lines
    assert lines[-2].endswith("70 failures")


def test_findings_of_one_cause_stand_below_the_first() -> None:
    findings = [a_finding(check="refusal_body", operation=f"GET /{number}", cause="not JSON") for number in range(10)]
    events = [FindingReported(finding, "curl x") for finding in findings]
    lines = plain((*events, RunFinished(1, 10, 1.0))).splitlines()
    assert sum(line.startswith("error: ") for line in lines) == 1
    assert [line for line in lines if line.startswith("  also ")] == [
        *(f"  also      GET /{number}: not JSON [{findings[number].id}]" for number in range(1, 7)),
        "  also      3 more findings of this cause",
    ]
    assert lines[-2].endswith("10 failures of 1 cause")


def test_finding_of_state_shows_its_last_steps_and_how_to_run_it_again() -> None:
    request = Request("POST", "http://127.0.0.1/billing/checkout", {}, b'{"amount": 1}')
    order = Exchange(request, Response(200, {}, b'{"id": "cs_test_0123456789"}'))
    pay = Exchange(Request("POST", "http://127.0.0.1/_mock/sessions/cs_test_0123456789/pay", {}), Response(409, {}))
    look = (Exchange(Request("GET", "http://127.0.0.1/billing/usage", {}), Response(200, {})),)
    finding = a_finding(promise="A session is paid once.", steps=((order,), *(look,) * 3, (pay, pay)))
    lines = plain((FindingReported(finding, "curl x", "", "print(1)"),)).splitlines()
    assert "  promise   A session is paid once." in lines
    assert lines[5:9] == [
        '  steps     POST /billing/checkout {"amount": 1} -> 200',
        "            GET /billing/usage -> 200 (3 times)",
        "            POST /_mock/sessions/{id_1}/pay -> 409 (2 at the same time)",
        f"  again     mockserver replay {finding.id}",
    ]


def test_long_curl_line_is_left_to_a_script() -> None:
    [line] = [
        line for line in plain((FindingReported(a_finding(), "curl " + "x" * 3_000),)).splitlines() if "curl" in line
    ]
    assert line == "  (a curl line of 3,005 characters; --report scripts=FOLDER has it whole)"


def test_strict_run_is_named_strict() -> None:
    screen = io.StringIO()
    print_report((RunStarted("mock", "page", 1, is_strict=True),), io.StringIO(), screen)
    assert screen.getvalue() == "Checking mock, profile page, strict, seed 1\n"


def test_undecided_contradictions_are_counted() -> None:
    result = plain((a_verdict("amount-whole-dollars", "undecided", reason="no"), RunFinished(0, 1, 0.1)))
    assert "1 contradiction undecided" in result


def test_progress_appears_in_a_long_run_and_not_in_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    print_report((RunStarted("mock", "page", 1), RunProgress("page", "fuzzing", 10, 0)), io.StringIO(), screen)
    assert screen.getvalue() == "Checking mock, profile page, seed 1\n"
    monkeypatch.setattr(progress_module, "_FIRST_AFTER", 0.0)
    print_report((RunNote("On rails."), RunProgress("page", "fuzzing", 1_000, 1)), io.StringIO(), screen)
    assert screen.getvalue().endswith("On rails.\n  page: fuzzing, 1,000 requests, 1 finding\n")


def test_progress_line_of_a_terminal_moves_and_disappears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "_FIRST_AFTER", 0.0)
    screen = Terminal()
    report = ConsoleReport(a_record(()), Redaction([]), result=io.StringIO(), progress=screen)
    report.handle(RunStarted("mock", "page", 1))
    assert screen.came.wait(10)
    report.handle(RunNote("On rails."))
    report.handle(RunProgress("page", "fuzzing", 5, 0))
    report.close()
    assert "On rails." in screen.getvalue()
    # the cursor is back, and the moving line is wiped
    assert screen.getvalue().rstrip("\n").endswith(("\x1b[?25h", "\x1b[2K"))


def test_forced_colour_without_a_terminal_gets_no_progress_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress_module, "_FIRST_AFTER", 0.0)
    screen = io.StringIO()
    result = print_report((RunStarted("mock", "page", 1), RunProgress("page", "fuzzing", 5, 0)), io.StringIO(), screen)
    assert "\x1b" not in screen.getvalue()
    assert "\x1b" in result


def test_last_line_counts_the_verdicts() -> None:
    events = run_on(target_of(Other("no_data_url")), claims=[CLAIM]).events
    lines = plain(events).splitlines()
    assert lines[-1] == "0 claims upheld, 0 violated, 1 undecided; exit 1"
    assert lines[0].startswith("error: Response violates schema: POST /billing/checkout [fuzz-")


def test_control_characters_of_an_answer_do_not_reach_the_console() -> None:
    finding = a_finding(response=Response(500, {}, b"\x1b[2J\x07\r\nhello"))
    assert "\x1b" not in plain((FindingReported(finding, "curl x"),))


def test_progress_and_notes_are_no_part_of_the_result() -> None:
    result = plain((RunStarted("mock", "page", 1), RunNote("On rails.")))
    assert "Checking" not in result
    assert "rails" not in result
