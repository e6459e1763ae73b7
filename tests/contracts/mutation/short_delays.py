"""Delays of defects, and the limits that find them, in a tenth of the time: nobody waits for them."""

from __future__ import annotations

from typing import Any, Final

import pytest
from mockserver_contracts.checks.soundness import robustness
from mockserver_contracts.defects.soundness import SlowerFromOrderToOrder
from mockserver_contracts.defects.transport import LongTextIsSlow, SlowStart
from mockserver_contracts.fuzz import schemathesis_checks

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
    # A third of it is still found.
    monkeypatch.setattr(SlowerFromOrderToOrder, "seconds", SlowerFromOrderToOrder.seconds / 3)
