from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mockserver.billing import Checkout, SystemClock, system_clock
from mockserver.domain.session import LIFETIME, Status
from mockserver.store import open_store
from tests.builders import ACCOUNT, NOON, SettableClock, an_order


class MachineTime:
    """Replaces `datetime` in system_clock.py with a time that can go back."""

    shown = NOON

    @classmethod
    def now(cls, zone: object) -> object:
        return cls.shown


def test_system_clock_does_not_go_back_with_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_clock, "datetime", MachineTime)
    system = SystemClock()
    monkeypatch.setattr(MachineTime, "shown", NOON + timedelta(hours=1))
    assert system() == NOON + timedelta(hours=1)
    monkeypatch.setattr(MachineTime, "shown", NOON)
    assert system() == NOON + timedelta(hours=1)


def test_expired_session_stays_expired_after_restart_at_earlier_time() -> None:
    store, time = open_store("memory"), SettableClock()

    async def life() -> Status:
        session = await Checkout(store, time).create(ACCOUNT, an_order())
        time.advance(LIFETIME)
        await Checkout(store, time).view(session.id)
        seen, _ = await Checkout(store, SettableClock(NOON)).view(session.id)
        return seen.status

    assert asyncio.run(life()) is Status.EXPIRED
