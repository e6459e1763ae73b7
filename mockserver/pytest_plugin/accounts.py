"""The account of a test, and its requests in the report of a failure."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from mockserver.pytest_plugin.mocks import MockPool
from mockserver.pytest_plugin.options import MARKER, URL_FLAG, ini_settings, options_of

if TYPE_CHECKING:
    from mockserver.client.account_mock import AccountMock
    from mockserver.client.async_account_mock import AsyncAccountMock
    from mockserver.client.shapes import ExchangeJson
    from mockserver.server import Mock

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these

ACCOUNT: Final = pytest.StashKey["AccountMock"]()
"""The account that a test has used."""
_NEWEST_BEFORE: Final = pytest.StashKey[int]()
_MOST_SHOWN: Final = 20


@pytest.fixture
def videodb_mock(request: pytest.FixtureRequest) -> Iterator[AccountMock]:
    """The running mock, with an account for this test only."""
    with _account_for(request) as account:
        request.node.stash[_NEWEST_BEFORE] = _newest(account)
        request.node.stash[ACCOUNT] = account  # a mock that refuses the first call has nothing to report
        yield account


@pytest.fixture
def videodb_mock_async(videodb_mock: AccountMock) -> AsyncAccountMock:
    """The same account for an async test: everything is awaited."""
    from mockserver.client.async_account_mock import AsyncAccountMock

    return AsyncAccountMock(videodb_mock)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import the client before a test replaces parts of the standard library that it uses."""
    if any("videodb_mock" in getattr(item, "fixturenames", ()) for item in session.items):
        import mockserver.client.async_account_mock  # noqa: F401


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the account's requests with a failed test, and with a fixture that failed before it."""
    report = yield
    account = item.stash.get(ACCOUNT, None)
    if account is not None and report.failed and call.when != "teardown":  # the account is empty by then
        report.sections.append((f"requests of {account.api_key} (videodb_mock)", _section(item, account)))
    return report


@contextmanager
def _account_for(request: pytest.FixtureRequest) -> Iterator[AccountMock]:
    options = options_of(request.node)
    if "seed" in options.settings and request.config.getoption(URL_FLAG) is None:
        # the same calls have the same answers on a mock that nobody has called before
        with ExitStack() as stack:
            yield MockPool(stack, request.config).started(options.settings).account()
        return
    from mockserver.client.account_mock import AccountMock

    pool: MockPool = request.getfixturevalue("_videodb_mock_pool")
    mock = _mock_of(request, pool)
    account = AccountMock(pool.api(mock), api_key=mock.known_key)
    yield account
    account.control("POST", "/reset", body={"key": account.api_key})  # reads no requests, which nobody will ask for
    if request.config.getoption(URL_FLAG) is None:
        pool.collect_from_other(pool.api(mock))


def _mock_of(request: pytest.FixtureRequest, pool: MockPool) -> Mock:
    """The mock that the test's marker asks for, or the one for all tests."""
    options = options_of(request.node)
    if options.settings == {name: value for name, value in ini_settings(request.config).items() if name != "strict"}:
        # not a fixture of the session: a module may override the server for itself
        server: Mock = request.getfixturevalue("videodb_mock_server")
        return server
    if request.config.getoption(URL_FLAG) is not None:
        raise pytest.UsageError(f"{URL_FLAG} and @pytest.mark.{MARKER} exclude each other: a running mock is as it is")
    return pool.with_settings(options.settings)


def _section(item: pytest.Item, account: AccountMock) -> str:
    from mockserver.client.account_mock import all_requests
    from mockserver.client.http_client import NoAnswer
    from mockserver.domain.errors import CheckoutError

    try:
        exchanges = account.control("GET", "/requests", query={"limit": "1000"})["requests"]
        own = all_requests(account)
    except (NoAnswer, CheckoutError) as error:
        return str(error)
    others = _others(exchanges, own, item.stash[_NEWEST_BEFORE])
    lines = list(latest_described(own)) or ["none"]
    if others:
        keys = sorted({exchange["account"] or "no valid key" for exchange in others})
        lines += ["", f"The mock got {len(others)} more with other keys ({', '.join(keys)}) during this test:"]
        lines += latest_described(others)
    return "\n".join(lines)


def _others(exchanges: list[ExchangeJson], own: list[ExchangeJson], newest_before: int) -> list[ExchangeJson]:
    ours = {exchange["id"] for exchange in own}
    return [each for each in exchanges if each["id"] > newest_before and each["id"] not in ours]


def latest_described(exchanges: list[ExchangeJson]) -> Iterator[str]:
    """The latest exchanges in the order of time."""
    from mockserver.client.account_requests import describe_exchanges

    if len(exchanges) > _MOST_SHOWN:
        yield f"({len(exchanges) - _MOST_SHOWN} earlier ones are not shown)"
    yield from describe_exchanges(reversed(exchanges[:_MOST_SHOWN]))


def _newest(account: AccountMock) -> int:
    latest = account.control("GET", "/requests", query={"limit": "1"})["requests"]
    return latest[0]["id"] if latest else 0
