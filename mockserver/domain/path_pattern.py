"""Path patterns. `*` matches any text, including slashes and the empty text."""

from __future__ import annotations


def path_matches(pattern: str, path: str) -> bool:
    """The pattern matches the whole path. The search takes one pass."""
    first, *rest = pattern.split("*")
    if not rest:
        return path == pattern
    *between, last = rest
    if len(path) < len(first) + len(last) or not path.startswith(first) or not path.endswith(last):
        return False
    at, end = len(first), len(path) - len(last)
    for part in between:
        found = path.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
