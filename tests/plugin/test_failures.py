"""The strict client, and the report of a failed test."""

from __future__ import annotations

import pytest

from tests.matrix import long_but
from tests.plugin.runs import Run

pytest_plugins = ["pytester"]


def test_strict_test_fails_at_its_end_with_the_exchange(pytester: pytest.Pytester, run_on_one_mock: Run) -> None:
    source = """
@pytest.mark.videodb_mock(strict=True)
def test_client(videodb_mock):
    assert order(videodb_mock, amount=5) == 200
    assert order(videodb_mock, amount=0) == 400
"""
    result = run_on_one_mock(pytester, source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "the client of this test left the contract (strict):",
            "POST /billing/checkout -> 400",
            '    {"amount": 0}',
            "    request left the contract at /amount: amount is 0; at least 1 is needed",
        ]
    )
    result.stdout.no_fnmatch_line("*hidden*")


@pytest.mark.parametrize("deletion", long_but("mock.rewind(start)", of=["mock.reset()", "mock.rewind(start)"]))
def test_strict_test_fails_for_a_request_that_was_deleted(
    pytester: pytest.Pytester, run_on_one_mock: Run, deletion: str
) -> None:
    source = f"""
@pytest.mark.videodb_mock(strict=True)
def test_client(videodb_mock):
    mock, start = videodb_mock, videodb_mock.checkpoint()
    assert order(mock, amount=0) == 400
    {deletion}
    assert order(mock, amount=5) == 200
    {deletion}
    assert mock.requests == []
"""
    result = run_on_one_mock(pytester, source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "    request left the contract at /amount: amount is 0; at least 1 is needed",
            "*requests of sk-test-* (videodb_mock)*",
            '    {"amount": 0}',
            '    {"amount": 5}',
        ]
    )


def test_failed_test_shows_its_requests(pytester: pytest.Pytester, run_on_one_mock: Run) -> None:
    source = """
def test_client(videodb_mock):
    order(videodb_mock, amount=5)
    order(videodb_mock, key="sk-of-somebody-else", amount=6)
    order(videodb_mock, key="nonsense", amount=7)
    assert videodb_mock.balance == 5
"""
    result = run_on_one_mock(pytester, source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*requests of sk-test-* (videodb_mock)*",
            "POST /billing/checkout -> 200",
            '    {"amount": 5}',
            "The mock got 2 more with other keys (acct_*, no valid key) during this test:",
            "POST /billing/checkout -> 200",
            '    {"amount": 6}',
            "POST /billing/checkout -> 401",
        ]
    )


MISTAKES = [
    'videodb_mock.pay("cs_test_unknown")',
    'videodb_mock.clock.advance("soon")',
    'videodb_mock.requests.assert_called("GET", "/billing/usage")',
    "videodb_mock.fail_next(status=500, body={1})",
    "videodb_env.set(PORT=80)",
    "asyncio.run(videodb_mock_async.give(-1))",
    'AccountMock("http://127.0.0.1:1").give(1)',
]


def test_failure_shows_the_line_of_the_test_and_none_of_the_mock(
    pytester: pytest.Pytester, run_on_one_mock: Run
) -> None:
    tests = "".join(
        f"def test_{number}(videodb_mock, videodb_mock_async, videodb_env):\n    {mistake}\n\n"
        for number, mistake in enumerate(MISTAKES)
    )
    result = run_on_one_mock(pytester, f"\nimport asyncio\n\nfrom mockserver import AccountMock\n\n{tests}")
    result.assert_outcomes(failed=len(MISTAKES))
    result.stdout.fnmatch_lines([f">   *{mistake.replace('[', '[[]')}" for mistake in MISTAKES])
    result.stdout.no_fnmatch_line("*mockserver/*.py:*")
    result.stdout.no_fnmatch_line("*The above exception*")


def test_failed_fixture_shows_the_requests_too(pytester: pytest.Pytester, run_on_one_mock: Run) -> None:
    source = """
@pytest.fixture
def customer(videodb_mock):
    assert order(videodb_mock, amount=0) == 200

def test_client(customer): pass

@pytest.fixture
def visitor(videodb_mock):
    yield
    assert order(videodb_mock, amount=7) == 500

def test_other_client(visitor): pass
"""
    result = run_on_one_mock(pytester, source)
    result.assert_outcomes(errors=2, passed=1)
    result.stdout.fnmatch_lines(["*requests of sk-test-* (videodb_mock)*", '    {"amount": 0}'])
    result.stdout.no_fnmatch_line('    {"amount": 7}')


def test_passed_test_shows_nothing(pytester: pytest.Pytester, run_on_one_mock: Run) -> None:
    result = run_on_one_mock(pytester, "def test_client(videodb_mock):\n    order(videodb_mock, amount=5)\n", "-rA")
    result.assert_outcomes(passed=1)
    assert "(videodb_mock)" not in result.stdout.str()
