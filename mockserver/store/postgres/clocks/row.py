"""Clocks as rows: an offset from real time in microseconds, and the millisecond of a frozen one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from mockserver.domain.clock import Clock
from mockserver.store import codec

COMMON: Final = ""
"""The account id that stands for the common clock."""


def encode_clock(clock: Clock) -> tuple[int, int | None]:
    """The columns of a clock."""
    return clock.offset // timedelta(microseconds=1), codec.encode_optional_instant(clock.frozen_at)


def decode_clock(offset_us: int | None, frozen_ms: int | None) -> Clock | None:
    """The clock of these columns; None without a row."""
    if offset_us is None:
        return None
    return Clock(timedelta(microseconds=offset_us), codec.decode_instant(frozen_ms))
