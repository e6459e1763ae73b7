from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.store import Store, open_store
from tests.store.backends import BACKENDS


@pytest.fixture(params=list(BACKENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    opened = open_store(BACKENDS[request.param].address(tmp_path))
    yield opened
    opened.close()
