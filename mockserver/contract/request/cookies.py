"""The cookies of a request."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote


def cookies(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """The cookies that came, in their order."""
    found = []
    for name, value in headers:
        for part in value.decode("latin-1").split(";") if name == b"cookie" else ():
            key, equals, text = part.strip().partition("=")
            if equals:
                found.append((key, unquote(text.strip('"'), errors="replace")))
    return found
