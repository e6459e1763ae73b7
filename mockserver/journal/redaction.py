"""Keys leave no trace in what is kept or printed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final
from urllib.parse import unquote_plus

REDACTED: Final = "[redacted]"

_REDACTED: Final = REDACTED.encode()
_KEY: Final = re.compile(r"(?<![A-Za-z0-9_])sk-[A-Za-z0-9_-]+", re.ASCII)
_KEY_BYTES: Final = re.compile(_KEY.pattern.encode(), re.ASCII)
SECRET_HEADERS: Final = frozenset({b"x-access-token", b"authorization", b"cookie", b"proxy-authorization"})
"""Those that open something, whatever a document says."""


def redacted_text(text: str) -> str:
    """The text without API keys."""
    return _KEY.sub(REDACTED, text) if "sk-" in text else text


def redacted_bytes(content: bytes) -> bytes:
    """The bytes without API keys."""
    return _KEY_BYTES.sub(_REDACTED, content) if b"sk-" in content else content


def redacted_query(query: str, secret: Collection[str]) -> str:
    """The query without API keys, and without the values of the parameters that hold one."""
    if secret and query:
        pairs = [pair.partition("=") for pair in query.split("&")]
        query = "&".join(
            f"{name}={REDACTED}" if equals and unquote_plus(name) in secret else f"{name}{equals}{value}"
            for name, equals, value in pairs
        )
    return redacted_text(query)


def redacted_headers(
    headers: Iterable[tuple[bytes, bytes]], secret: Collection[bytes] = SECRET_HEADERS
) -> list[tuple[bytes, bytes]]:
    """The headers without the values of those that are secret, and without API keys."""
    return [
        (name, _REDACTED if name in secret else redacted_bytes(value) if b"sk-" in value else value)
        for name, value in headers
    ]
