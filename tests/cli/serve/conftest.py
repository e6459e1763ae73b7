from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The address of an empty store that survives a restart."""
    return f"sqlite:///{tmp_path / 'mock.db'}"
