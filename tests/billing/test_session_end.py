from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from mockserver.billing import Checkout
from mockserver.domain.clock import Clock
from mockserver.domain.instant import EPOCH
from mockserver.domain.session import LIFETIME
from mockserver.store import open_store
from tests.builders import ACCOUNT, NOON, SettableClock, an_order


@pytest.mark.parametrize("at", [EPOCH, NOON])
def test_session_ends_a_lifetime_after_its_creation_at_any_time(at: datetime) -> None:
    async def end() -> datetime:
        store = open_store("memory")
        async with store.transaction() as tx:
            await tx.put_clock(None, Clock(frozen_at=at))
        return (await Checkout(store, SettableClock()).create(ACCOUNT, an_order())).expires_at

    assert asyncio.run(end()) == at + LIFETIME
