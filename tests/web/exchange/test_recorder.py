"""Exchanges are recorded whatever becomes of the store."""

from __future__ import annotations

import pytest

from mockserver.billing import Clocks
from mockserver.domain.errors import StoreUnavailable
from tests.web.mock_client import Mock


def test_stored_change_is_answered_though_the_store_is_lost_afterwards(
    mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> None:
        raise StoreUnavailable("the store is away")

    with monkeypatch.context() as patch:
        patch.setattr(Clocks, "face", lost)
        answer = mock.billing("POST", "auto_recharge", json={"enabled": True, "threshold": 5, "amount": 10})
    assert answer.status_code == 200
    assert mock.billing("GET", "auto_recharge").json()["data"]["threshold"] == 5
    assert len(mock.get("/_mock/requests").json()["requests"]) == 2
