"""What the scenarios share: the stores they hold for."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    return "memory" if request.param == "memory" else f"sqlite:///{tmp_path / 'mock.db'}"


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The address of an empty store which a restart keeps."""
    return f"sqlite:///{tmp_path / 'mock.db'}"
