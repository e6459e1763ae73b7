from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mockserver.store import Store, open_store

Opener = Callable[[], Store]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind: a backend adds a name here, not tests."""
    opened = open_store("memory" if request.param == "memory" else f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()
