from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from mockserver.billing import Checkout, SystemClock
from mockserver.domain.session import LIFETIME, Status
from mockserver.store import open_store
from tests.builders import ACCOUNT, NOON, SettableClock, an_order


def test_system_clock_does_not_go_back_with_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [NOON.timestamp(), NOON.timestamp() + 3600, NOON.timestamp()]
    monkeypatch.setattr(time, "time", lambda: seconds.pop(0))
    system = SystemClock()
    assert [system() for _ in range(3)] == [NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=1)]


def test_system_clock_shows_whole_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOON.timestamp() + 0.0019)
    assert SystemClock()() == NOON + timedelta(milliseconds=1)


def test_expired_session_stays_expired_after_restart_at_earlier_time() -> None:
    store, now = open_store("memory"), SettableClock()

    async def life() -> Status:
        session = await Checkout(store, now).create(ACCOUNT, an_order())
        now.advance(LIFETIME)
        await Checkout(store, now).view(session.id)
        seen, _ = await Checkout(store, SettableClock(NOON)).view(session.id)
        return seen.status

    assert asyncio.run(life()) is Status.EXPIRED
