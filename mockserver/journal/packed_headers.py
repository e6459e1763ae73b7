"""Headers as one text of bytes: the journal holds thousands of them, and each object costs time when it is dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from mockserver.journal.redaction import REDACTED, hide_keys

Headers = Sequence[tuple[bytes, bytes]]

_BREAK: Final = b"\r\n"
"""No name and no value contains it."""
_REDACTED: Final = REDACTED.encode()


def pack_headers(headers: Iterable[tuple[bytes, bytes]], secret: Collection[bytes]) -> bytes:
    """The headers without API keys and without the values of secret headers."""
    parts: list[bytes] = []
    for name, value in headers:
        parts.append(name)
        parts.append(_REDACTED if name in secret else value)
    return hide_keys(_BREAK.join(parts))


def unpack_headers(packed: bytes) -> Headers:
    """The headers of `pack_headers`."""
    if not packed:
        return ()
    parts = packed.split(_BREAK)
    return tuple(zip(parts[::2], parts[1::2], strict=True))
