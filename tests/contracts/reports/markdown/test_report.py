"""The Markdown report: its order, its length, and hostile text in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.reports.markdown.report import MOST, render_markdown
from mockserver_contracts.results import events as run_events
from mockserver_contracts.results.verdict import ClaimVerdict

from tests.contracts.reports.runs import (
    HOSTILE,
    URL,
    a_drift,
    a_finding,
    a_hostile_run,
    a_record,
    a_run_with_a_dozen_findings,
    a_verdict,
)
from tests.contracts.runs import KEY

OVER: Final = run_events.RunFinished(exit_code=1, requests_sent=3, duration=1.5)
INJECTION: Final = (
    "`` ` @octocat #1 :tada: https://example.org [x](javascript:1) ![i](https://example.org/i)\n\n# h\n```\n"
)
ACCEPTED: Final = run_events.FindingAccepted(
    "accepted.yaml", "fuzz-a8d80cd133e9", "fuzz", "a_check", "GET /a", "Server error", "Known @octocat"
)


def render(*events: run_events.RunEvent, **parts: object) -> str:
    return render_markdown(a_record(events, **parts))


def tokens(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def test_verdict_comes_first_and_the_gravest_finding_next() -> None:
    lines = render(*a_run_with_a_dozen_findings()).splitlines()
    assert lines[0] == f"## Check of `{URL}`"
    assert lines[2] == "**35 claims upheld, 4 violated, 5 undecided; 6 of the unpromised violated; exit 1**"
    assert lines[4].startswith("Profile page, seed 7; 12 findings, 1,204 requests in 8.3 s")
    assert lines[6] == "### Gravest finding"
    assert lines[8].startswith("**error** A session outlives its 24 hours: `POST /billing/checkout` (`claim-")
    assert lines[11].startswith("- Expected: `24 hours after")
    assert lines[13].startswith("- Answer: `200 {")


def test_gravest_finding_has_its_curl_line_in_a_block() -> None:
    text = render(*a_run_with_a_dozen_findings())
    [block] = [token for token in tokens(text) if token.type == "fence"]
    assert block.info == "sh"
    assert block.content.startswith("curl -sS -i ")
    assert KEY not in text


def test_findings_are_in_the_order_of_their_severity() -> None:
    found = [
        run_events.FindingReported(a_finding(cause=each, severity=each), f"curl {each}")
        for each in ("info", "error", "warning")
    ]
    text = render(*found, OVER)
    assert "curl error" in text
    assert text.index("**error**") < text.index("**warning**") < text.index("**info**")


def test_drift_has_the_mock_and_the_target_as_its_sides() -> None:
    started = run_events.RunStarted(URL, "page", 1, command="drift")
    text = render(started, run_events.FindingReported(a_drift(), "curl x"), OVER)
    assert text.startswith(f"## Drift: comparison of `{URL}` with the mock\n")
    assert "- Mock: `400`\n- Target: `422`\n- Answer: `422 {}`\n- Answer of the mock: `400 {}`\n" in text


def test_claims_contradictions_and_undecided_claims_have_sections() -> None:
    text = render(*a_run_with_a_dozen_findings())
    assert "- `amount-whole-dollars` (prose): An amount" in text
    assert "### Violated claims that the profile does not promise\n\n- `no-field-is-required`" in text
    assert "- `amount-whole-dollars` / `amount-any-number`: openapi\n" in text
    assert "- 2 claims: a rail forbids it" in text


def test_accepted_vanished_and_failed_have_sections() -> None:
    text = render(
        ACCEPTED,
        run_events.FindingVanished("accepted.yaml", "fuzz-a8d80cd133e8", "No answer", "Old"),
        run_events.CheckFailed("rule-paid-once", "KeyError"),
        OVER,
    )
    assert "### Accepted findings (1)\n\n- Server error: `GET /a` (`fuzz-a8d80cd133e9`): `Known @octocat`" in text
    assert "### Vanished findings (1)\n\n- No answer (`fuzz-a8d80cd133e8`): Old" in text
    assert "### Checks that failed to run\n\n- rule-paid-once: KeyError" in text


def test_outage_and_incomplete_run_have_their_reason() -> None:
    failure = run_events.RunFailure("unreachable", f"nothing listens with {KEY}")
    text = render(run_events.RunFinished(3, 0, 0.1, failure, stopped="the time budget is spent"))
    assert "The target could not be tested (unreachable): `nothing listens with [redacted]`" in text
    assert "Incomplete: the time budget is spent" in text


@pytest.mark.parametrize("text", [HOSTILE, INJECTION])
def test_hostile_text_stands_in_code_alone(text: str) -> None:
    finding = a_finding(title=text, operation=text.replace("\ud800", ""), expected=text, actual=text)
    claim = ClaimVerdict("checkout-is-a-post", "openapi", text, True, "violated", text, (finding.id,))
    undecided = ClaimVerdict("success-is-200", "openapi", text, True, "undecided", text)
    failure = run_events.RunFailure("unreachable", text)
    report = render(
        run_events.RunStarted(text, text, 1),
        *map(run_events.ClaimDecided, (claim, undecided)),
        *(run_events.FindingReported(each, f"curl {text}") for each in (finding, a_finding(title=text, check="other"))),
        run_events.FindingAccepted(text, "fuzz-a8d80cd133e9", "fuzz", "c", text, text, text),
        run_events.FindingVanished(text, "fuzz-a8d80cd133e8", text, text),
        run_events.RunFinished(3, 1, 1.0, failure, stopped=text),
    )
    kinds = {token.type for token in tokens(report)}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "table_open", "em_open", "hr", "code_block"}
    outside = " ".join(token.content for token in tokens(report) if token.type == "text")
    assert not set(outside) & set("@#<>&`|\\"), outside
    assert "://" not in outside
    headings = [token for token in tokens(report) if token.type == "heading_open"]
    assert [token.tag for token in headings] == ["h2"] + ["h3"] * 6
    assert not set(report) & set("\x00\x07\x08\x1b\x7f\x9b\u202e\u2066")


@pytest.mark.parametrize("text", ["a " * 2_000, "`" * 5_000, "` " * 3_000, "\U0001f4b8" * 4_000])
def test_report_is_short_enough_for_a_comment_whatever_was_found(text: str) -> None:
    found = [
        run_events.FindingReported(
            a_drift(
                title=text,
                operation=text,
                pointer=text,
                expected=text,
                actual=text,
                check=f"check {number}",
                response=Response(400, {}, text.encode()),
                mock_response=Response(400, {}, text.encode()),
            ),
            f"curl {text}",
        )
        for number in range(80)
    ]
    claims = [ClaimVerdict(f"claim-{number}", text, text, number < 30, "violated", text) for number in range(60)]
    undecided = [
        ClaimVerdict(f"c{number}", "prose", text, True, "undecided", f"{number}{text}") for number in range(30)
    ]
    failure = run_events.RunFailure(text, text)
    report = render(
        run_events.RunStarted(text, text, 1, command="drift"),
        *map(run_events.ClaimDecided, (*claims, *undecided)),
        *found,
        *([run_events.FindingAccepted(text, text, "fuzz", text, text, text, text)] * 30),
        *([run_events.FindingVanished(text, text, text, text)] * 30),
        *([run_events.CheckFailed(text, text)] * 30),
        run_events.RunFinished(3, 1, 1.0, failure, stopped=text),
    )
    assert 20_000 < len(report) < MOST


def test_report_says_how_many_findings_are_left_out() -> None:
    found = [run_events.FindingReported(a_finding(check=str(number)), "curl x") for number in range(2_000)]
    text = render(*found, OVER)
    listed = text.count("- **error** Server error")
    assert f"### More causes (1999)\n\n{'- **error** Server error' if listed else ''}" in text
    assert f"- and {1_999 - listed:,} more causes; --report json=FILE has them all" in text
    assert listed > 100


def test_long_curl_line_is_left_to_the_json_report() -> None:
    text = render(run_events.FindingReported(a_finding(), "curl " + "x" * 9_000), OVER)
    assert "(a curl line of 9,005 characters; --report json=FILE has it whole)" in text
    assert "The curl line has 3,005 characters" in render(
        run_events.FindingReported(a_finding(), "curl " + "`" * 3_000), OVER
    )


def test_finding_of_state_has_its_steps_and_its_replay() -> None:
    paid = Exchange(Request("POST", "http://127.0.0.1/pay", {}, b"{}"), Response(200, {}, b""))
    finding = a_finding(steps=((paid,), (paid,)))
    text = render(run_events.FindingReported(finding, "curl x"), OVER)
    assert f"```sh\n# POST /pay {{}} -> 200 (2 times)\nmockserver replay {finding.id}\n```" in text


def test_findings_of_one_cause_have_one_line() -> None:
    found = [run_events.FindingReported(a_finding(check="rule-a", cause=str(number)), "curl x") for number in range(3)]
    assert ") and 2 more findings\n" in render(*found, OVER)


def test_clean_run_is_short() -> None:
    text = render(run_events.RunStarted(URL, "page", 1), a_verdict("success-is-200"), run_events.RunFinished(0, 9, 1.0))
    assert text.splitlines()[2:] == [
        "**1 claim upheld, 0 violated, 0 undecided; exit 0**",
        "",
        "Profile page, seed 1; 0 findings, 9 requests in 1.0 s; mockserver check 1",
    ]


def test_hostile_run_is_rendered() -> None:
    assert "\\x1b[2J" in render(*a_hostile_run())
