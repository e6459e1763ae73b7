"""Delays of defects: nobody waits for them, or for a tenth of the time, with limits of a tenth."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any, Final

import pytest
from mockserver_contracts.checks.soundness import robustness
from mockserver_contracts.defects import soundness
from mockserver_contracts.defects.soundness import SlowerFromOrderToOrder, SlowerFromSessionToSession
from mockserver_contracts.defects.transport import LongTextIsSlow, SlowStart
from mockserver_contracts.fuzz import schemathesis_checks
from mockserver_contracts.target import gate

_LIMIT: Final = robustness._SLOW / 10


def shorten_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide the delays and their limits by ten."""
    for defect in (SlowStart, LongTextIsSlow):
        monkeypatch.setattr(defect, "seconds", defect.seconds / 10)
    monkeypatch.setattr(robustness, "_SLOW", _LIMIT)
    configured = schemathesis_checks._configuration

    def with_a_short_limit(key_header: str, key: str) -> dict[str, Any]:
        configuration = configured(key_header, key)
        return {**configuration, "checks": {**configuration["checks"], "max_response_time": _LIMIT}}

    monkeypatch.setattr(schemathesis_checks, "_configuration", with_a_short_limit)
    _count_without_waiting(monkeypatch)


def _count_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time of an answer grow by a clock: other work of the machine is small beside ten times the growth."""
    waited = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal waited
        waited += seconds
        await asyncio.sleep(0)

    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + waited, sleep=time.sleep)
    monkeypatch.setattr(gate, "time", clock)
    monkeypatch.setattr(soundness, "asyncio", SimpleNamespace(sleep=sleep))
    for defect in (SlowerFromOrderToOrder, SlowerFromSessionToSession):
        monkeypatch.setattr(defect, "seconds", 10 * defect.seconds)
