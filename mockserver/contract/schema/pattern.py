"""Patterns of ECMA 262, matched in bounded time. Python's own engine can take forever on a hostile pattern."""

from __future__ import annotations

from functools import lru_cache

import jsonschema_rs


def matches(pattern: str, text: str) -> bool:
    """The text contains a match. A pattern that takes too long does not match."""
    return _compiled(pattern).is_valid(text)


def is_readable(pattern: str) -> bool:
    """The engine reads the pattern."""
    try:
        # Draft 4 is the stricter of the drafts in use
        jsonschema_rs.Draft4Validator({"pattern": pattern}, offline=True)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
