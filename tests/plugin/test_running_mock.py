"""Tests with a mock that runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import mockserver
from mockserver import Mock
from tests.matrix import long_but
from tests.plugin.runs import run

pytest_plugins = ["pytester"]


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


@pytest.mark.parametrize("token", long_but("another", of=[None, "another"]))
def test_missing_control_token_is_named(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    with mockserver.running(store="memory", control_token="token-of-this-mock", own_process=True) as mock:
        if token is not None:
            monkeypatch.setenv("MOCKSERVER_CONTROL_TOKEN", token)
        result = run(pytester, "def test_it(videodb_mock): pass\n", f"--videodb-mock-url={mock.url}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--videodb-mock-url: give the mock's control token in MOCKSERVER_CONTROL_TOKEN*"])


def test_missing_mock_is_named_by_its_url(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(videodb_mock): pass\n", "--videodb-mock-url=http://127.0.0.1:1")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*--videodb-mock-url: no mock answers at http://127.0.0.1:1: *refused*"])


@pytest.mark.parametrize("url", long_but("127.0.0.1:8765", of=["", "127.0.0.1:8765", "ftp://127.0.0.1", "http://"]))
def test_text_that_is_no_address_is_refused_before_the_run(pytester: pytest.Pytester, url: str) -> None:
    result = run(pytester, "def test_it(): pass\n", f"--videodb-mock-url={url}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--videodb-mock-url is '{url}'; an address such as http://127.0.0.1:8765 is needed"])
