"""The running mocks of a test run: one for all tests, and one for each other set of settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.pytest_plugin.options import URL_FLAG, ini_settings

if TYPE_CHECKING:
    from mockserver.client.control_api import ControlApi
    from mockserver.pytest_plugin.run_coverage import RunCoverage
    from mockserver.server import Mock

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these


class MockPool:
    """Starts a mock for each set of settings at its first use, and ends them all."""

    def __init__(self, stack: ExitStack, config: pytest.Config) -> None:
        self._stack = stack
        self._coverage: RunCoverage | None = config.pluginmanager.get_plugin("videodb-coverage")
        self._own: set[str] = set()
        self._mocks: dict[str, Mock] = {}
        self._apis: dict[str, ControlApi] = {}

    def started(self, settings: Mapping[str, Any]) -> Mock:
        """A new mock with these settings, until the pool ends. Raises pytest.UsageError for a wrong setting."""
        from mockserver.server import running  # pytest imports this module in every run
        from mockserver.settings import SettingError

        counts = {"coverage": True} if self._coverage is not None else {}
        try:
            mock = self._stack.enter_context(running(**{"store": "memory", "own_process": True, **settings, **counts}))
        except SettingError as error:
            raise pytest.UsageError(f"videodb_mock: {error}") from None
        self._own.add(mock.url)
        if self._coverage is not None:
            self._stack.callback(self._coverage.collect, mock.control_api())  # before the mock ends
        return mock

    def collect_from_other(self, api: ControlApi) -> None:
        """Collect the coverage of a mock that the pool has not started, and that may end at any time."""
        if self._coverage is not None and api.url not in self._own:
            self._coverage.collect(api)

    def with_settings(self, settings: Mapping[str, Any]) -> Mock:
        """The mock with these settings, which is started once."""
        key = repr(sorted(settings.items()))
        if key not in self._mocks:
            self._mocks[key] = self.started(settings)
        return self._mocks[key]

    def api(self, mock: Mock) -> ControlApi:
        """The calls of a mock, which share a connection."""
        if mock.url not in self._apis:
            self._apis[mock.url] = mock.control_api()
            self._stack.callback(self._apis[mock.url].close)
        return self._apis[mock.url]


@pytest.fixture(scope="session")
def _videodb_mock_pool(pytestconfig: pytest.Config) -> Iterator[MockPool]:
    with ExitStack() as stack:
        yield MockPool(stack, pytestconfig)


@pytest.fixture(scope="session")
def videodb_mock_server(_videodb_mock_pool: MockPool, pytestconfig: pytest.Config) -> Mock:
    """One mock in memory, on a free port, for the whole test run. Override this fixture to change its settings."""
    url = pytestconfig.getoption(URL_FLAG)
    if url is not None:
        return _mock_elsewhere(url, _videodb_mock_pool)
    settings = ini_settings(pytestconfig)
    settings.pop("strict", None)
    return _videodb_mock_pool.started(settings)


def _mock_elsewhere(url: str, pool: MockPool) -> Mock:
    from mockserver.client.http_client import NoAnswer
    from mockserver.domain.errors import CheckoutError, ControlTokenRequired
    from mockserver.server import Mock

    mock = Mock(url.rstrip("/"), None)
    try:
        pool.api(mock).call("GET", "/clock")  # the health needs no token
    except NoAnswer as error:
        raise pytest.UsageError(f"{URL_FLAG}: {error}") from None
    except ControlTokenRequired:
        raise pytest.UsageError(f"{URL_FLAG}: give the mock's control token in MOCKSERVER_CONTROL_TOKEN") from None
    except (CheckoutError, ValueError) as error:
        raise pytest.UsageError(f"{URL_FLAG}: no mock answers at {url} ({error})") from None
    return mock
