"""JSON text of values, and the text of single values."""

from __future__ import annotations

import json
from typing import Final

from mockserver.contract.strict_json import Json

dumps: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def scalar_text(value: Json) -> str:
    """The text of a single value."""
    return value if isinstance(value, str) else "" if value is None else dumps(value)
