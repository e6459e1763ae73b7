"""Equality of JSON values."""

from __future__ import annotations

import json
from typing import Any


def same_key(value: Any) -> str:
    """A text that is equal for equal JSON values."""
    return json.dumps(_with_integers(value), sort_keys=True, ensure_ascii=False, default=str)


def _with_integers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_with_integers(each) for each in value]
    if isinstance(value, dict):
        return {key: _with_integers(each) for key, each in value.items()}
    return value
