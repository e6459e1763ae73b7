"""The time that a request may wait for its store."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.domain.errors import StoreUnavailable
from mockserver.store.memory.transaction import MemoryTransaction
from mockserver.store.patience import REQUEST_SECONDS, seconds_left, spend
from mockserver.store.sqlite.transaction import SqliteTransaction
from tests.web.conftest import Start
from tests.web.mock_client import Mock


@pytest.mark.parametrize("path", ["/_mock/sessions/cs_test_1", "/c/pay/cs_test_1"])
def test_request_has_one_patience_with_a_store_that_others_use(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    mock, limits = start(store=f"sqlite:///{tmp_path}/mock.db?shared=true"), []

    async def wait(*_: object) -> object:
        limits.append(seconds_left(60))
        spend(60)
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(SqliteTransaction, "session", wait)
    for _ in range(2):
        assert mock.get(path).status_code == 503
    assert limits == [REQUEST_SECONDS] * 2


def test_health_is_decided_before_its_probe_gives_up(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    async def wait(*_: object) -> bool:
        limits.append(seconds_left(60))
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(MemoryTransaction, "has_account", wait)
    assert mock.get("/_mock/health").status_code == 503
    assert limits[0] < 2
