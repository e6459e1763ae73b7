"""The stores that the scenarios run with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.backends import BACKENDS


@pytest.fixture(params=list(BACKENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    return BACKENDS[request.param].address(tmp_path)


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The address of an empty store that survives a restart."""
    return f"sqlite:///{tmp_path / 'mock.db'}"
