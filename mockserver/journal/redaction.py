"""Remove API keys from everything that is stored or printed."""

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
"""Headers that carry credentials in any API."""


def redact_text(text: str) -> str:
    """Replace API keys in a text."""
    return _KEY.sub(REDACTED, text) if "sk-" in text else text


def redact_bytes(content: bytes) -> bytes:
    """Replace API keys in bytes."""
    return _KEY_BYTES.sub(_REDACTED, content) if b"sk-" in content else content


def redact_query(query: str, secret: Collection[str]) -> str:
    """Replace API keys in a query, and all values of secret parameters."""
    if secret and query:
        pairs = [pair.partition("=") for pair in query.split("&")]
        query = "&".join(
            f"{name}={REDACTED}" if equals and unquote_plus(name) in secret else f"{name}{equals}{value}"
            for name, equals, value in pairs
        )
    return redact_text(query)


def redact_headers(
    headers: Iterable[tuple[bytes, bytes]], secret: Collection[bytes] = SECRET_HEADERS
) -> list[tuple[bytes, bytes]]:
    """Replace API keys in headers, and all values of secret headers."""
    return [
        (name, _REDACTED if name in secret else redact_bytes(value) if b"sk-" in value else value)
        for name, value in headers
    ]
