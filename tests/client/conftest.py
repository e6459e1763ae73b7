"""A mock for the tests of its client, and an account of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import mockserver
from mockserver import AccountMock, Mock


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    with mockserver.running(store="memory") as running:
        yield running


@pytest.fixture
def account(mock: Mock) -> AccountMock:
    return mock.account()
