"""Content codings of a request body, such as gzip, undone within the limit of a body."""

from __future__ import annotations

import zlib
from typing import Final

from mockserver.domain.errors import FieldError, InvalidRequest, PayloadTooLarge, UnsupportedMediaType

CODINGS: Final = ("gzip", "deflate")
MAX_CODINGS: Final = 4
_GZIP: Final = 16 + zlib.MAX_WBITS
_WINDOWS: Final = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}
"""The window sizes by coding. Many clients send deflate without the header of zlib."""


def decoded_body(raw: bytes, header: str, *, limit: int) -> bytes:
    """The body without its codings.

    Raises UnsupportedMediaType, InvalidRequest, and PayloadTooLarge as soon as the limit is exceeded.
    """
    given = [each.strip().lower() for each in header.split(",")]
    codings = [each for each in given if each not in ("", "identity")]
    for coding in codings:
        if coding not in _WINDOWS or len(codings) > MAX_CODINGS:
            message = f"the body has the Content-Encoding {header[:80]!r}; {' or '.join(CODINGS)} is needed"
            raise UnsupportedMediaType(message, codings=CODINGS)
    for coding in reversed(codings) if raw else ():
        raw = _decoded(raw, coding, limit)
    return raw


def _decoded(raw: bytes, coding: str, limit: int) -> bytes:
    error: Exception | None = None
    for window in _WINDOWS[coding]:
        try:
            return _inflated(raw, window, limit)
        except (zlib.error, EOFError) as failure:
            error = error or failure
    message = f"the body is no {coding} data: {str(error).partition(': ')[2] or error}"
    raise InvalidRequest(message, field_errors=[FieldError("", message, "content_encoding")])


def _inflated(raw: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while raw:  # gzip data may have several members
        decoder = zlib.decompressobj(window)
        part = decoder.decompress(raw, limit - size + 1)
        size += len(part)
        if size > limit:
            raise PayloadTooLarge(f"the decoded body is larger than the limit of {limit} bytes")
        if not decoder.eof:
            raise EOFError("its end is missing")
        parts.append(part)
        raw = decoder.unused_data if window == _GZIP else b""
    return b"".join(parts)
