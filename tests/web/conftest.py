"""Mocks in this process; they end with their test."""

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
    """Start a mock with settings."""
    with ExitStack() as mocks:
        yield lambda **overrides: mocks.enter_context(a_mock(**overrides))


@pytest.fixture
def mock(start: Start) -> Mock:
    """A mock with default settings, in memory."""
    return start()
