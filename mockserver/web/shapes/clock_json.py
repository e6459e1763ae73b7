"""The JSON of a clock in the control API."""

from __future__ import annotations

from typing import Any

from mockserver.domain.clock import ClockFace
from mockserver.domain.instant import rfc3339


def clock_json(face: ClockFace) -> dict[str, Any]:
    """The clock as JSON."""
    seconds = face.offset.total_seconds()
    return {
        "now": rfc3339(face.now),
        "offset_seconds": int(seconds) if seconds.is_integer() else round(seconds, 3),
        "frozen": face.frozen,
    }
