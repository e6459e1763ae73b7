"""The stores that the scenarios run with."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    return "memory" if request.param == "memory" else f"sqlite:///{tmp_path / 'mock.db'}"


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The address of an empty store that survives a restart."""
    return f"sqlite:///{tmp_path / 'mock.db'}"
