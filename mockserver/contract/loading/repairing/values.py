"""Scalars, lists and maps in another form, and the values that they mean."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from mockserver.contract.loading.repairing.changes import GONE

_NUMBER: Final = re.compile(r"-?[0-9]{1,300}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_MOST: Final = 2.0**63
_WORDS: Final = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
NEEDED: Final = {
    **{"schema": "a schema", "text": "a text", "boolean": "true or false"},
    **{"number": "a number", "count": "a whole number from 0"},
}


def needed(kind: str) -> str:
    """The values of a kind in words."""
    if kind.startswith("["):
        return "a list"
    return NEEDED.get(kind, "a mapping")


def is_fitting(value: Any, kind: str) -> bool:
    """The value has the form of the kind."""
    if kind == "any":
        return True
    if kind == "text":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("number", "count"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return kind == "number" or (isinstance(value, int) and value >= 0)
    return isinstance(value, list if kind.startswith("[") else dict)


def converted(value: Any, kind: str) -> Any:
    """The value of the kind that another value means; GONE if it means none."""
    if kind == "text" and isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if kind == "schema" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower(), GONE)
    if kind == "boolean" and isinstance(value, str):
        return _WORDS.get(value.strip().lower(), GONE)
    if kind in ("number", "count") and isinstance(value, str):
        number = _number(value.strip())
        return number if is_fitting(number, kind) else GONE
    if kind == "count" and isinstance(value, float) and value.is_integer() and 0 <= value < _MOST:
        return int(value)
    if kind == "tag" and isinstance(value, str):
        return {"name": value}
    if kind == "requirement" and isinstance(value, str):
        return {value: []}
    if kind == "discriminator" and isinstance(value, str):
        return {"propertyName": value}
    return _listed(value, kind[1:-1]) if kind.startswith("[") else GONE


def _listed(value: Any, kind: str) -> Any:
    """The list of a single value, where a list is needed."""
    is_scalar = isinstance(value, str | int | float)
    if kind in ("text", "any"):
        return [value] if is_scalar else GONE
    return [value] if isinstance(value, dict) and kind != "parameter" else GONE


def _number(text: str) -> Any:
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    if math.isinf(number):
        return None
    return int(text) if text.lstrip("-").isdecimal() else number
