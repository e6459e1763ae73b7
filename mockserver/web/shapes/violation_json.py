"""The JSON of contract violations in the journal."""

from __future__ import annotations

from collections.abc import Iterable

from mockserver.journal import ViolationFields


def violations_json(violations: Iterable[ViolationFields]) -> list[dict[str, str]]:
    """The violations as JSON."""
    return [{"pointer": pointer, "message": message, "code": code} for pointer, message, code in violations]
