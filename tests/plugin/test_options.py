"""Settings by marker, ini file and flag; the strict client; the report of a failed test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

import mockserver
from mockserver import Mock

pytest_plugins = ["pytester"]

# Schemathesis' own plugin loads starlette and takes a second to start; the tests are about ours.
QUIET: Final = ("-q", "-p", "no:cacheprovider", "-p", "no:schemathesis")
IMPORTS: Final = "import json, os, urllib.request\nimport pytest\n\n"
CALL: Final = """
def order(mock, key=None, **body):
    request = urllib.request.Request(
        mock.url + "/billing/checkout",
        json.dumps(body).encode(),
        {"x-access-token": key or mock.api_key, "content-type": "application/json"},
    )
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code

"""


def run(pytester: pytest.Pytester, source: str, *flags: str) -> pytest.RunResult:
    pytester.makepyfile(IMPORTS + CALL + source)
    return pytester.runpytest(*QUIET, *flags)


def test_marker_changes_the_mock_of_one_test(pytester: pytest.Pytester) -> None:
    source = """
@pytest.mark.videodb_mock(session_ttl="30m", profile="openapi")
def test_short(videodb_mock):
    videodb_mock.create()
    videodb_mock.clock.advance("30m")
    assert videodb_mock.sessions[0]["status"] == "expired"

def test_long(videodb_mock):
    videodb_mock.create()
    videodb_mock.clock.advance("30m")
    assert videodb_mock.sessions[0]["status"] == "pending"

@pytest.mark.videodb_mock(session_ttl="2h")
class TestNested:
    @pytest.mark.videodb_mock(profile="openapi", session_ttl="30m")
    def test_nearest_marker_wins(self, videodb_mock):
        videodb_mock.create()
        videodb_mock.clock.advance("31m")
        assert videodb_mock.sessions[0]["status"] == "expired"
"""
    run(pytester, source).assert_outcomes(passed=3)


def test_seed_gives_each_test_the_same_ids_keys_and_times(pytester: pytest.Pytester) -> None:
    source = """
seen = []

@pytest.mark.videodb_mock(seed=7)
@pytest.mark.parametrize("time", [1, 2])
def test_same(videodb_mock, time):
    seen.append([videodb_mock.api_key, videodb_mock.create()["id"], videodb_mock.clock.now])
    assert seen[0] == seen[-1]

@pytest.mark.videodb_mock(seed=8)
def test_other(videodb_mock):
    assert videodb_mock.api_key not in seen[0]
"""
    run(pytester, source).assert_outcomes(passed=3)


def test_ini_file_changes_every_mock(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nvideodb_mock =\n    session_ttl = 30m\n    strict = true\n")
    source = """
def test_short(videodb_mock):
    videodb_mock.create()
    videodb_mock.clock.advance("30m")
    assert videodb_mock.sessions[0]["status"] == "expired"

def test_strict(videodb_mock):
    assert order(videodb_mock, amount=0) == 400

@pytest.mark.videodb_mock(strict=False)
def test_lenient(videodb_mock):
    assert order(videodb_mock, amount=0) == 400
"""
    run(pytester, source).assert_outcomes(passed=2, failed=1)


@pytest.mark.parametrize(
    ("ini", "marker", "message"),
    [
        ("profle = page", "", "profle"),
        ("profile", "", "videodb_mock has the line 'profile'; NAME = VALUE is needed"),
        ("strict = maybe", "", "strict = 'maybe'; true or false is needed"),
        ("", "@pytest.mark.videodb_mock('observed')", "takes settings by name"),
        ("", "@pytest.mark.videodb_mock(session_ttl='soon')", "session_ttl is 'soon'"),
    ],
)
def test_wrong_option_is_named(pytester: pytest.Pytester, ini: str, marker: str, message: str) -> None:
    pytester.makeini(f"[pytest]\nvideodb_mock =\n    {ini}\n")
    result = run(pytester, f"{marker}\ndef test_it(videodb_mock): pass\n")
    assert result.ret != 0
    assert message in result.stdout.str() + result.stderr.str()


def test_strict_test_fails_at_its_end_with_the_exchange(pytester: pytest.Pytester) -> None:
    source = """
@pytest.mark.videodb_mock(strict=True)
def test_client(videodb_mock):
    assert order(videodb_mock, amount=5) == 200
    assert order(videodb_mock, amount=0) == 400
"""
    result = run(pytester, source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "the client of this test left the contract (strict):",
            "POST /billing/checkout -> 400",
            '    {"amount": 0}',
            "    request left the contract at /amount: amount is 0; at least 1 is needed",
        ]
    )


@pytest.mark.parametrize("deletion", ["mock.reset()", "mock.rewind(start)"])
def test_strict_test_fails_for_a_request_that_was_deleted(pytester: pytest.Pytester, deletion: str) -> None:
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
    result = run(pytester, source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "    request left the contract at /amount: amount is 0; at least 1 is needed",
            "*requests of sk-test-* (videodb_mock)*",
            '    {"amount": 0}',
            '    {"amount": 5}',
        ]
    )


def test_failed_test_shows_its_requests(pytester: pytest.Pytester) -> None:
    source = """
def test_client(videodb_mock):
    order(videodb_mock, amount=5)
    order(videodb_mock, key="sk-of-somebody-else", amount=6)
    order(videodb_mock, key="nonsense", amount=7)
    assert videodb_mock.balance == 5
"""
    result = run(pytester, source)
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


@pytest.mark.parametrize(
    "mistake",
    [
        'videodb_mock.pay("cs_test_unknown")',
        'videodb_mock.clock.advance("soon")',
        'videodb_mock.requests.assert_called("GET", "/billing/usage")',
        "videodb_mock.fail_next(status=500, body={1})",
        "videodb_env.set(PORT=80)",
        "asyncio.run(videodb_mock_async.give(-1))",
        'AccountMock("http://127.0.0.1:1").give(1)',
    ],
)
def test_failure_shows_the_line_of_the_test_and_none_of_the_mock(pytester: pytest.Pytester, mistake: str) -> None:
    source = f"""
import asyncio

from mockserver import AccountMock

def test_it(videodb_mock, videodb_mock_async, videodb_env):
    {mistake}
"""
    result = run(pytester, source)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f">   *{mistake.replace('[', '[[]')}"])
    result.stdout.no_fnmatch_line("*mockserver/*.py:*")
    result.stdout.no_fnmatch_line("*The above exception*")


def test_failed_fixture_shows_the_requests_too(pytester: pytest.Pytester) -> None:
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
    result = run(pytester, source)
    result.assert_outcomes(errors=2, passed=1)
    result.stdout.fnmatch_lines(["*requests of sk-test-* (videodb_mock)*", '    {"amount": 0}'])
    result.stdout.no_fnmatch_line('    {"amount": 7}')


def test_passed_test_shows_nothing(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_client(videodb_mock):\n    order(videodb_mock, amount=5)\n", "-rA")
    result.assert_outcomes(passed=1)
    assert "(videodb_mock)" not in result.stdout.str()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Mock]:
    with mockserver.running(store="memory", own_process=True) as mock:
        yield mock


def test_running_mock_is_used_by_its_url(pytester: pytest.Pytester, elsewhere: Mock) -> None:
    source = f"""
def test_it(videodb_mock):
    assert videodb_mock.url == {elsewhere.url!r}
    videodb_mock.pay(videodb_mock.create())
    assert videodb_mock.balance == 50

@pytest.mark.videodb_mock(profile="openapi")
def test_other_settings(videodb_mock):
    pass

@pytest.mark.videodb_mock(seed=7)
def test_seed(videodb_mock):
    pass
"""
    result = run(pytester, source, f"--videodb-mock-url={elsewhere.url}/")
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["*--videodb-mock-url and @pytest.mark.videodb_mock exclude each other*"])


def test_control_token_of_a_mock_is_sent(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
@pytest.mark.videodb_mock(control_token="secret", seed=7)
def test_seed(videodb_mock):
    assert videodb_mock.rewind(videodb_mock.checkpoint()) is None

@pytest.mark.videodb_mock(control_token="secret")
def test_token(videodb_mock):
    videodb_mock.give(1)
"""
    run(pytester, source, "--videodb-coverage").assert_outcomes(passed=2)
    given = "def test_it(videodb_mock):\n    videodb_mock.give(1)\n"
    with mockserver.running(control_token="secret", own_process=True, coverage=True) as mock:
        flags = (f"--videodb-mock-url={mock.url}", "--videodb-coverage")
        run(pytester, given, *flags).assert_outcomes(errors=1)
        monkeypatch.setenv("MOCKSERVER_CONTROL_TOKEN", "secret")
        result = run(pytester, given, *flags)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["Coverage * %: *"])


def test_missing_mock_is_named_by_its_url(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(videodb_mock): pass\n", "--videodb-mock-url=http://127.0.0.1:1")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--videodb-mock-url: no mock answers at http://127.0.0.1:1: *refused*"])


@pytest.mark.parametrize("url", ["", "127.0.0.1:8765", "ftp://127.0.0.1", "http://"])
def test_text_that_is_no_address_is_refused_before_the_run(pytester: pytest.Pytester, url: str) -> None:
    result = run(pytester, "def test_it(): pass\n", f"--videodb-mock-url={url}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--videodb-mock-url is '{url}'; an address such as http://127.0.0.1:8765 is needed"])


def test_environment_is_set_for_one_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEO_DB_API_KEY", "sk-real")
    pytester.makeini("[pytest]\nvideodb_env =\n    VIDEO_DB_API_KEY = {api_key}\n    SHOP_URL = {url}/v1\n")
    source = """
def test_app(videodb_env, videodb_mock):
    assert os.environ["VIDEO_DB_API_KEY"] == videodb_mock.api_key
    assert os.environ["SHOP_URL"] == videodb_mock.url + "/v1"
    with pytest.raises(TypeError, match="PORT is 80; a text is needed"):
        videodb_env.set(PORT=80)
    videodb_env.set(MORE="{api_key}")
    assert os.environ["MORE"] == videodb_mock.api_key

def test_after():
    assert os.environ["VIDEO_DB_API_KEY"] == "sk-real"
    assert "SHOP_URL" not in os.environ and "MORE" not in os.environ
"""
    run(pytester, source).assert_outcomes(passed=2)


def test_app_without_base_url_reaches_the_mock_alone(pytester: pytest.Pytester) -> None:
    source = """
from videodb import connect

def test_app(videodb_env, videodb_mock):
    videodb_env.redirect_sdk()
    videodb_mock.give(7)
    assert connect().check_usage()["credit_balance"] == 7
    assert connect(base_url="http://elsewhere.example").base_url == "http://elsewhere.example"

def test_after():
    assert connect(api_key="sk-x").base_url.startswith("https://api.videodb.io")
"""
    run(pytester, source).assert_outcomes(passed=2)


def test_async_test_awaits_the_same_account(pytester: pytest.Pytester) -> None:
    source = """
@pytest.mark.anyio
async def test_it(videodb_mock_async, videodb_mock):
    session = await videodb_mock_async.create(amount=9)
    await videodb_mock_async.pay(session)
    assert await videodb_mock_async.balance == videodb_mock.balance == 9

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""
    run(pytester, source).assert_outcomes(passed=1)


def test_unittest_uses_the_fixture(pytester: pytest.Pytester) -> None:
    source = """
import unittest

class TestShop(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _mock(self, videodb_mock):
        self.mock = videodb_mock

    def test_it(self):
        self.mock.pay(self.mock.create())
        self.assertEqual(self.mock.balance, 50)
"""
    run(pytester, source).assert_outcomes(passed=1)
