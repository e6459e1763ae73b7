"""The SARIF log: its tool, rules, results and invocation."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from mockserver_contracts.exchange import Exchange, Request, Response
from mockserver_contracts.results.events import (
    CheckFailed,
    FindingAccepted,
    FindingReported,
    FindingVanished,
    RunFailure,
    RunFinished,
    RunStarted,
)
from mockserver_contracts.results.run_command import RunCommand

from tests.contracts.reports.runs import (
    HOSTILE,
    SAMPLES,
    URL,
    a_drift,
    a_finding,
    a_hostile_run,
    a_run_with_a_dozen_findings,
    a_verdict,
)
from tests.contracts.reports.sarif.logs import a_log, a_run, validate
from tests.contracts.runs import KEY
from tests.docs.markdown import ROOT

OVER = RunFinished(exit_code=1, requests_sent=3, duration=1.5)
ACCEPTED = FindingAccepted(
    "accepted.yaml",
    "fuzz-a8d80cd133e9",
    "fuzz",
    "unsupported_method",
    "DELETE /billing/checkout",
    "Wrong response to undeclared method",
    "Known; ticket 12",
    since=date(2026, 11, 25),
)


def notifications(run: dict[str, Any]) -> dict[str, str]:
    [invocation] = run["invocations"]
    return {
        f"{each['level']} {each['descriptor']['id']}": each["message"]["text"]
        for each in invocation["toolExecutionNotifications"]
    }


def test_findings_are_results_with_their_level_rule_and_id() -> None:
    run = a_run(*a_run_with_a_dozen_findings())
    levels = {"error": "error", "warning": "warning", "info": "note"}
    assert [(each["properties"]["id"], each["ruleId"], each["level"]) for each in run["results"]] == [
        (sample.finding.id, sample.check, levels[sample.severity]) for sample in SAMPLES
    ]
    for result, sample in zip(run["results"], SAMPLES, strict=True):
        assert result["fingerprints"] == {"findingId/v1": sample.finding.id}
        assert result["partialFingerprints"] == {"primaryLocationLineHash": sample.finding.id}
        assert not {"baselineState", "suppressions"} & result.keys()


def test_message_has_the_title_both_sides_and_the_curl_line() -> None:
    result = a_run(FindingReported(a_finding(pointer="/data/0"), "curl -X GET http://127.0.0.1/a"), OVER)["results"][0]
    assert result["message"]["text"].splitlines() == [
        "Server error: GET /a at /data/0.",
        "Expected: no 5xx",
        "Actual: 500",
        "curl -X GET http://127.0.0.1/a",
    ]
    assert result["webRequest"]["target"] == "http://127.0.0.1/a"
    assert (result["webResponse"]["statusCode"], result["webResponse"]["body"]) == (500, {"text": "no"})
    assert KEY not in str(result)


def test_drift_has_the_mock_and_the_target_as_its_sides() -> None:
    [result] = a_run(FindingReported(a_drift(), "curl x"), OVER)["results"]
    assert result["message"]["text"].splitlines()[1:3] == ["Mock: 400", "Target: 422"]
    assert result["properties"]["mockResponse"]["statusCode"] == 400


def test_request_without_an_answer_has_received_no_response() -> None:
    [result] = a_run(FindingReported(a_finding(response=None), "curl x"), OVER)["results"]
    assert result["webResponse"] == {"noResponseReceived": True}


def test_finding_of_state_has_its_steps_and_its_replay() -> None:
    paid = Exchange(Request("POST", "http://127.0.0.1/pay", {}, b"{}"), Response(200, {}, b""))
    finding = a_finding(steps=((paid,), (paid,)))
    [result] = a_run(FindingReported(finding, "curl x"), OVER)["results"]
    assert result["message"]["text"].splitlines()[-1] == f"mockserver replay {finding.id}"
    assert result["properties"]["steps"] == ["POST /pay {} -> 200 (2 times)"]


def test_rule_of_a_claim_has_its_statement_and_its_place() -> None:
    run = a_run(*a_run_with_a_dozen_findings())
    [rule] = [each for each in run["tool"]["driver"]["rules"] if each["id"] == "amount-whole-dollars"]
    assert rule["shortDescription"]["text"].startswith("An amount")
    assert rule["help"]["text"].startswith("Made by: prose, ")
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_rule_of_the_harness_has_its_promise_and_other_checks_their_name() -> None:
    promises = {"rule-paid-once": "A session is paid once.", "not_a_server_error": ""}
    found = [FindingReported(a_finding(check=name, promise=text), "curl x") for name, text in promises.items()]
    driver = a_run(*found, OVER)["tool"]["driver"]
    assert [each["shortDescription"]["text"] for each in driver["rules"]] == [
        "A session is paid once.",
        "Not a server error",
    ]
    assert driver["rules"][0]["help"]["text"].startswith("A rule of the harness")


def test_rule_has_the_gravest_level_of_its_results() -> None:
    severities = ("info", "error", "warning")
    found = [FindingReported(a_finding(cause=each, severity=each), "curl x") for each in severities]
    [rule] = a_run(*found, OVER)["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_tool_is_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    driver = a_run(OVER)["tool"]["driver"]
    assert driver["name"] == project["name"]
    assert driver["informationUri"] in project["urls"].values()


@pytest.mark.parametrize(("version", "is_semantic"), [("0.1.0", True), ("1.0.0-rc.1", True), ("0.1.dev3", False)])
def test_semantic_version_is_given_for_semantic_versions_alone(version: str, is_semantic: bool) -> None:
    driver = a_run(OVER, version=version)["tool"]["driver"]
    assert (driver["version"], driver.get("semanticVersion")) == (version, version if is_semantic else None)


@pytest.mark.parametrize("command", ["check", "drift", "calibrate"])
def test_category_has_the_command_and_the_profile(command: RunCommand) -> None:
    run = a_run(RunStarted(URL, "page, openapi", 1, command=command), OVER)
    assert run["automationDetails"]["id"] == f"mockserver/{command}/page+openapi/"


def test_accepted_finding_is_a_suppressed_result() -> None:
    first, second = a_run(FindingReported(a_finding(), "curl x"), ACCEPTED, OVER)["results"]
    assert first["suppressions"] == []
    assert second["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "Known; ticket 12"}]
    assert (second["ruleId"], second["level"]) == ("unsupported_method", "note")
    assert second["properties"] == {
        "id": ACCEPTED.id,
        "kind": "fuzz",
        "operation": "DELETE /billing/checkout",
        "since": "2026-11-25",
    }


@pytest.mark.parametrize(("code", "is_successful"), [(0, True), (1, True), (3, False)])
def test_run_that_tests_the_target_is_executed_successfully(code: int, is_successful: bool) -> None:
    [invocation] = a_run(RunFinished(code, 3, 1.5))["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (code, is_successful)


def test_outage_is_a_notification() -> None:
    run = a_run(RunFinished(3, 0, 0.1, RunFailure("unreachable", "nothing listens there")))
    assert notifications(run) == {
        "error target-not-tested": "The target could not be tested (unreachable): nothing listens there"
    }


def test_failed_check_is_one_notification() -> None:
    failure = RunFailure("check_failed", "failed to run: rule-paid-once")
    run = a_run(CheckFailed("rule-paid-once", "KeyError: 'id'"), RunFinished(3, 1, 0.1, failure))
    assert notifications(run) == {
        "error check-failed": "The check failed to run: rule-paid-once: KeyError: 'id'",
    }


def test_incomplete_run_undecided_claims_and_vanished_findings_are_notifications() -> None:
    run = a_run(
        a_verdict("success-is-200", "undecided", reason="time budget"),
        FindingVanished("accepted.yaml", "fuzz-a8d80cd133e9", "Server error", "Known"),
        RunFinished(0, 9, 1.0, stopped="the time budget is spent"),
    )
    assert notifications(run) == {
        "warning run-incomplete": "The run is incomplete: the time budget is spent",
        "note finding-vanished": "The accepted finding fuzz-a8d80cd133e9 did not occur: Server error",
        "note claims-undecided": "1 claim undecided: time budget (a longer --time-budget would decide)",
    }


def test_broken_off_run_leaves_a_valid_log() -> None:
    [invocation] = a_run(RunStarted("mock", "page", 1), FindingReported(a_finding(), "curl x"))["invocations"]
    assert invocation["exitCode"] == 3


def test_hostile_answer_makes_no_link_no_placeholder_and_no_control_character() -> None:
    run = a_run(*a_hostile_run())
    assert not set(str(run)) & set("\x00\x07\x08\x1b\x7f\x9b\u202e\u2066")
    text = f"[click](https://example.org) {{0}} {HOSTILE}"
    [result] = a_run(FindingReported(a_finding(title=text), "curl x"), OVER)["results"]
    assert result["message"]["text"].startswith("[click] (https://example.org) {{0}} <script>")


def test_json_in_a_curl_line_stays_as_it_is() -> None:
    curl = """curl --data-raw '{"amount": 50}' http://127.0.0.1/a"""
    [result] = a_run(FindingReported(a_finding(), curl), OVER)["results"]
    assert curl in result["message"]["text"]


def test_long_answers_and_curl_lines_are_cut() -> None:
    text = str(a_log(*a_hostile_run(), FindingReported(a_finding(), "curl " + "x" * 9_000), OVER))
    assert "(a curl line of 9,005 characters; --report json=FILE has it whole)" in text
    assert len(text) < 100_000


@pytest.mark.parametrize("member", ["tool", "results", "invocations"])
def test_schema_refuses_a_run_without_a_required_member(member: str) -> None:
    log = a_log(OVER)
    del log["runs"][0][member]
    with pytest.raises(jsonschema_rs.ValidationError):
        validate(log)
