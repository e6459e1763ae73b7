from __future__ import annotations

import pytest

from tests.store.postgres_server import VARIABLE, server_address


@pytest.fixture(autouse=True)
def one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of all tests; a benchmark would start one of its own."""
    monkeypatch.setenv(VARIABLE, server_address())
