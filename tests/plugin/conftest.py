"""Runs of pytest that share a mock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import mockserver
from tests.plugin.runs import Run, run


@pytest.fixture(scope="module")
def run_on_one_mock() -> Iterator[Run]:
    """A run whose mock is not its own: to start one takes as long as the rest of a run."""
    with mockserver.running(store="memory") as mock:
        yield lambda pytester, source, *flags: run(pytester, source, f"--videodb-mock-url={mock.url}", *flags)
