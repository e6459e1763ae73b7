"""Each test of the contract has its own cache folder."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Final

import pytest

NUMBERS: Final = count()


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    # not tmp_path, which takes as long to make as many of these tests
    folder = tmp_path_factory.getbasetemp() / f"cache-of-test-{next(NUMBERS)}"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder
