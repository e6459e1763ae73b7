from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mockserver import Mock, running
from mockserver.cli import main

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def mock() -> Iterator[Mock]:
    """One mock for all client commands. Each test uses its own keys."""
    with running(store="memory") as started:
        yield started


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run the command, and return its exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        output = capsys.readouterr()
        return code, output.out, output.err

    return run
