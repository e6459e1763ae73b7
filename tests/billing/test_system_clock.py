from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mockserver.billing import Checkout, SystemClock, system_clock
from mockserver.domain.session import LIFETIME, Status
from mockserver.store import open_store
from tests.builders import ACCOUNT, NOON, SettableClock, an_order


class MachineTime:
    """Stands in for datetime in real_time.py, and can be put back as a machine's time can."""

    shown = NOON

    @classmethod
    def now(cls, zone: object) -> object:
        return cls.shown


def test_the_machines_time_put_back_does_not_put_ours_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_clock, "datetime", MachineTime)
    system = SystemClock()
    monkeypatch.setattr(MachineTime, "shown", NOON + timedelta(hours=1))
    assert system() == NOON + timedelta(hours=1)
    monkeypatch.setattr(MachineTime, "shown", NOON)
    assert system() == NOON + timedelta(hours=1)


def test_a_session_seen_expired_stays_so_after_a_restart_with_an_earlier_time() -> None:
    store, time = open_store("memory"), SettableClock()

    async def life() -> Status:
        session = await Checkout(store, time).create(ACCOUNT, an_order())
        time.advance(LIFETIME)
        await Checkout(store, time).view(session.id)
        seen, _ = await Checkout(store, SettableClock(NOON)).view(session.id)
        return seen.status

    assert asyncio.run(life()) is Status.EXPIRED
