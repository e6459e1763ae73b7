"""Mocks for the tests of the web: in this process, ended when the test is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest

from tests.web.mock_client import Mock, a_mock


class Start(Protocol):
    def __call__(self, **overrides: object) -> Mock: ...


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a mock with the settings it is given."""
    with ExitStack() as mocks:
        yield lambda **overrides: mocks.enter_context(a_mock(**overrides))


@pytest.fixture
def mock(start: Start) -> Mock:
    """A mock with the settings it has by default, in memory."""
    return start()
