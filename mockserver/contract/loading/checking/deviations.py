"""Structural deviations from the standard which many published documents have. They are tolerated or repaired.

Rule 1: a repair applies the only possible meaning. A document with an error is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mockserver.contract.pointer import path_of, pointer_of, value_at

MAX_DEVIATIONS: Final = 200
"""A document with more of them is refused."""

_FOR_READERS: Final = frozenset({"description", "title", "version", "name", "summary", "identifier"})
"""Members for readers only; they may be missing."""
_NULLABLE: Final = _FOR_READERS | {
    *("schema", "items", "additionalProperties", "example", "externalDocs", "tags", "deprecated", "required"),
    *("security", "parameters", "servers", "enum", "default", "format", "content", "headers", "examples"),
}
"""Members for which null means the same as their absence."""

Repair = Callable[[dict[str, Any]], None]


def is_tolerable(pointer: str, error: Any) -> bool:
    """The structural error is a deviation."""
    return _repair_of(pointer, error) is not None


def _repair_of(pointer: str, error: Any) -> Repair | None:
    """The repair of an error; None if the error is no deviation."""
    path = path_of(pointer)
    if error.validator in ("additionalProperties", "unevaluatedProperties", "format"):
        return _tolerate  # additions to the standard do no harm
    if error.validator == "required":
        missing = {name for name in error.validator_value if name not in error.instance}
        return _tolerate if missing <= _FOR_READERS and not _is_identified_by_name(path) else None
    if not path:
        return None
    if path == ("info", "version") and error.validator == "type" and isinstance(error.instance, int | float):
        return lambda document: _make_text(document, path)
    if path[-1] == "name" and _is_identified_by_name(path[:-1]):
        return None
    if error.instance is None and (path[-1] in _NULLABLE or path[-2:-1] == ("properties",)):
        return lambda document: drop_member(document, path)
    if error.instance == "null" and path[-1] == "type":
        return lambda document: _make_null(document, path)
    return None


def _is_identified_by_name(path: tuple[str, ...]) -> bool:
    """The value at the path is identified by its name. Elsewhere a name is for readers only."""
    return path[-2:-1] in (("parameters",), ("securitySchemes",))


def _tolerate(_: dict[str, Any]) -> None:
    """Tolerate the deviation."""


def drop_member(document: dict[str, Any], path: tuple[str, ...]) -> None:
    """Remove the member at a path."""
    holder_of(document, path).pop(path[-1], None)


def _make_text(document: dict[str, Any], path: tuple[str, ...]) -> None:
    """Turn a number into text: YAML reads a version without quotes as a number."""
    holder = holder_of(document, path)
    holder[path[-1]] = str(holder[path[-1]])


def _make_null(document: dict[str, Any], path: tuple[str, ...]) -> None:
    """Turn the type null into an enum, since OpenAPI 3.0 has no such type."""
    schema = holder_of(document, path)
    schema.pop("type", None)
    schema |= {"enum": [None], "nullable": True}


def holder_of(document: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The object that contains the member at a path."""
    holder = value_at(document, pointer_of(path[:-1]))
    return holder if isinstance(holder, dict) else {}
