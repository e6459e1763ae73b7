"""Settings by marker and ini file, the environment, and tests of other kinds."""

from __future__ import annotations

import pytest

from tests.matrix import long_but
from tests.plugin.runs import Run, run

pytest_plugins = ["pytester"]


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


def test_mock_that_knows_some_keys_gives_each_test_the_first_of_them(pytester: pytest.Pytester) -> None:
    source = """
@pytest.mark.videodb_mock(api_keys=["sk-b", "sk-a"])
@pytest.mark.parametrize("time", [1, 2])
def test_known(videodb_mock, time):
    assert (videodb_mock.api_key, videodb_mock.balance, videodb_mock.sessions) == ("sk-a", 0, [])
    videodb_mock.pay(videodb_mock.create())

@pytest.mark.videodb_mock(api_keys="sk-c", seed=7)
def test_seed(videodb_mock):
    assert videodb_mock.create() and videodb_mock.api_key == "sk-c"

def test_any(videodb_mock):
    assert videodb_mock.create() and videodb_mock.api_key.startswith("sk-test-")
"""
    run(pytester, source).assert_outcomes(passed=4)


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
    ("ini", "message"),
    [
        ("videodb_mock = profle = page", "videodb_mock: there is no setting 'profle'; the settings are: *"),
        ("videodb_env = KEY", "videodb_env has the line 'KEY'; NAME = VALUE is needed"),
        *long_but(
            of=[
                ("videodb_mock = session_ttl = soon", "videodb_mock: session_ttl is 'soon'; *"),
                ("videodb_mock = profile", "videodb_mock has the line 'profile'; NAME = VALUE is needed"),
                ("videodb_mock = strict = maybe", "videodb_mock has strict = 'maybe'; true or false is needed"),
            ]
        ),
    ],
)
def test_wrong_ini_option_ends_the_run_once(pytester: pytest.Pytester, ini: str, message: str) -> None:
    pytester.makeini(f"[pytest]\n{ini}\n")
    result = run(pytester, "def test_it(videodb_mock): pass\ndef test_other(): pass\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {message}"])
    assert "test_" not in result.stdout.str()


@pytest.mark.parametrize(
    ("marker", "message"),
    long_but(
        ("'observed'", "takes settings by name"),
        of=[("'observed'", "takes settings by name"), ("session_ttl='soon'", "session_ttl is 'soon'")],
    ),
)
def test_wrong_option_of_a_marker_is_named(pytester: pytest.Pytester, marker: str, message: str) -> None:
    result = run(pytester, f"@pytest.mark.videodb_mock({marker})\ndef test_it(videodb_mock): pass\n")
    assert result.ret != 0
    assert message in result.stdout.str() + result.stderr.str()


def test_environment_is_set_for_one_test(
    pytester: pytest.Pytester, run_on_one_mock: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    run_on_one_mock(pytester, source).assert_outcomes(passed=2)


def test_app_without_base_url_reaches_the_mock_alone(pytester: pytest.Pytester, run_on_one_mock: Run) -> None:
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
    run_on_one_mock(pytester, source).assert_outcomes(passed=2)


def test_async_test_awaits_the_same_account(pytester: pytest.Pytester, run_on_one_mock: Run) -> None:
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
    run_on_one_mock(pytester, source, "-p", "anyio.pytest_plugin").assert_outcomes(passed=1)


def test_unittest_uses_the_fixture(pytester: pytest.Pytester, run_on_one_mock: Run) -> None:
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
    run_on_one_mock(pytester, source).assert_outcomes(passed=1)
