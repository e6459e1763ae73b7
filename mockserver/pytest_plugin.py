"""The pytest plugin: one mock for the test run, and one account for each test.

The fixture `videodb_mock` starts one mock, in memory, for the whole run. Each test gets an AccountMock with a fresh API
key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockserver.client.account_mock import AccountMock
    from mockserver.client.control_api import ControlApi
    from mockserver.server import Mock


@pytest.fixture(scope="session")
def videodb_mock_server() -> Iterator[Mock]:
    """One mock in memory, on a free port, for the whole test run. Override this fixture to change its settings."""
    from mockserver.server import running

    with running(store="memory", own_process=True) as mock:
        yield mock


@pytest.fixture(scope="session")
def _videodb_mock_api(videodb_mock_server: Mock) -> Iterator[ControlApi]:
    from mockserver.client.control_api import ControlApi  # pytest imports this module in every run

    api = ControlApi(videodb_mock_server.url)
    yield api
    api.close()


@pytest.fixture
def videodb_mock(_videodb_mock_api: ControlApi) -> Iterator[AccountMock]:
    """The running mock, with an account for this test only."""
    from mockserver.client.account_mock import AccountMock

    account = AccountMock(_videodb_mock_api)
    yield account
    account.reset()
