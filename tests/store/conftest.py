from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.store import Store, open_store
from mockserver.store.memory.store import MemoryStore
from tests.store.backends import BACKENDS

PACKED = "memory, each session packed"


@pytest.fixture(params=[*BACKENDS, PACKED])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    is_packed = request.param == PACKED
    opened = MemoryStore(most_recent=0) if is_packed else open_store(BACKENDS[request.param].address(tmp_path))
    yield opened
    opened.close()
