"""`pytest --videodb-coverage`: the parts of the contract that a test run exercised."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver import running
from tests.matrix import long_but
from tests.plugin.runs import QUIET

pytest_plugins = ["pytester"]

SUITE = """
import mockserver
import pytest
import requests

def order(mock, **body):
    return requests.post(f"{mock.url}/billing/checkout", json=body, headers={"x-access-token": mock.api_key})

def test_right_order(videodb_mock):
    assert order(videodb_mock, amount=50).ok

def test_wrong_order(videodb_mock):
    assert order(videodb_mock, amount=0).status_code == 400

def test_expired_session(videodb_mock):
    session = videodb_mock.create(amount=50)
    videodb_mock.clock.advance("24h")
    with pytest.raises(mockserver.SessionExpired):
        videodb_mock.pay(session)

@pytest.mark.videodb_mock(seed=7)
def test_seeded(videodb_mock):
    assert order(videodb_mock, amount=7).ok

@pytest.mark.videodb_mock(profile="openapi")
def test_other_profile(videodb_mock):
    assert order(videodb_mock).ok
"""


def report_of(pytester: pytest.Pytester) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((pytester.path / "coverage.json").read_text("utf-8"))
    return found


def statuses(report: dict[str, Any]) -> dict[str, int]:
    [checkout] = [each for each in report["operations"] if each["path"] == "/billing/checkout"]
    return {goal["subject"]: goal["count"] for goal in checkout["goals"] if goal["kind"] == "status" and goal["count"]}


@pytest.mark.parametrize(
    "workers",
    [pytest.param((), marks=pytest.mark.long, id="alone"), pytest.param(("-p", "xdist", "-n", "2"), id="xdist")],
)
def test_run_is_reported_over_all_mocks_and_workers(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess(
        *QUIET, *workers, "--videodb-coverage=term,json:coverage.json,html:deep/c.html"
    )
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(
        ["*coverage of VideoDB's contract*", "Coverage * goals, by 5 exchanges *", "json: coverage.json"]
    )
    report = report_of(pytester)
    assert (report["exchanges"], statuses(report)) == (5, {"200": 4, "400": 1})
    assert {claim["id"] for claim in report["claims"] if claim["count"]} > {"session-expires-after-24-hours"}
    assert (pytester.path / "deep" / "c.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_too_low_coverage_fails_a_run_that_passed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(videodb_mock):\n    videodb_mock.create()\n")
    result = pytester.runpytest_subprocess(*QUIET, "--videodb-coverage-fail-under=90")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAILED: the coverage is * %; --videodb-coverage-fail-under asks for 90 %"])


def test_run_without_the_fixture_has_no_coverage(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it():\n    pass\n")
    result = pytester.runpytest_subprocess(*QUIET, "--videodb-coverage", "--videodb-coverage-fail-under=1")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["no test used a mock that counts"])


def test_server_of_the_suite_is_counted_if_it_counts(pytester: pytest.Pytester) -> None:
    server = """
        import mockserver
        import pytest

        @pytest.fixture(scope="session")
        def videodb_mock_server():
            with mockserver.running(coverage={}) as mock:
                yield mock

        def test_one(videodb_mock):
            videodb_mock.create()

        def test_two(videodb_mock):
            videodb_mock.create()
        """
    pytester.makepyfile(test_on=server.format(True), test_off=server.format(False))
    result = pytester.runpytest_subprocess(*QUIET, "--videodb-coverage=json:coverage.json")
    result.assert_outcomes(passed=4)
    assert report_of(pytester)["exchanges"] == 2
    result.stdout.fnmatch_lines(["the mock at * does not count; start it with coverage=True or --coverage"])


def test_running_mock_is_read_once_for_all_workers(pytester: pytest.Pytester) -> None:
    tests = "".join(f"def test_{number}(videodb_mock):\n    videodb_mock.create()\n\n" for number in range(4))
    pytester.makepyfile(tests)
    with running(store="memory", coverage=True) as mock:
        result = pytester.runpytest_subprocess(
            *QUIET, "-p", "xdist", "-n", "2", "--videodb-mock-url", mock.url, "--videodb-coverage=json:coverage.json"
        )
    result.assert_outcomes(passed=4)
    assert report_of(pytester)["exchanges"] == 4


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--videodb-coverage=html", "--videodb-coverage=html: term, html:FILE, markdown:FILE, json:FILE is needed"),
        *long_but(
            of=[
                (
                    "--videodb-coverage=tests",
                    "--videodb-coverage=tests: term, html:FILE, markdown:FILE, json:FILE is needed",
                ),
                (
                    "--videodb-coverage-fail-under=x",
                    "--videodb-coverage-fail-under is 'x'; a number from 0 to 100 is needed",
                ),
            ]
        ),
    ],
)
def test_wrong_option_is_refused_in_a_sentence(pytester: pytest.Pytester, option: str, sentence: str) -> None:
    result = pytester.runpytest_subprocess(*QUIET, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}*"])


def test_report_that_cannot_be_written_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(videodb_mock):\n    videodb_mock.create()\n")
    (pytester.path / "file").write_text("")
    result = pytester.runpytest_subprocess(*QUIET, "--videodb-coverage=json:file/c.json")
    result.stdout.fnmatch_lines(["file/c.json cannot be written: *"])
