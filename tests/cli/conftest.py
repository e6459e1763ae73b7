from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mockserver import Mock, running
from mockserver.cli import main

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def mock() -> Iterator[Mock]:
    """One mock for the client commands; each test uses keys of its own."""
    with running(store="memory") as started:
        yield started


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs the command; its exit code and what it said on stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
