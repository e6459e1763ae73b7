"""Unpack the body of a response, never to more than a limit."""

from __future__ import annotations

import zlib
from typing import Final

from mockserver_contracts.exchange import NoResponse

# A server may apply several codings; each costs at most the limit.
_MOST_CODINGS: Final = 3
_GZIP: Final = 16 + zlib.MAX_WBITS


def unpack(body: bytes, codings: str, *, most_bytes: int) -> bytes:
    """The body without the codings of `Content-Encoding`. Raises NoResponse if they do not fit the body."""
    names = [name.strip().lower() for name in codings.split(",")]
    applied = [name for name in names if name not in ("", "identity")]
    if len(applied) > _MOST_CODINGS:
        raise NoResponse("malformed", f"the answer has {len(applied)} content codings; none was asked for")
    for name in reversed(applied):
        body = _unpack_one(body, name, most_bytes)
    return body


def _unpack_one(body: bytes, name: str, most_bytes: int) -> bytes:
    if name not in ("gzip", "x-gzip", "deflate"):
        raise NoResponse("malformed", f"the answer has the content coding {name[:40]!r}, which was not asked for")
    if not body:
        return body
    for window in (_GZIP,) if name != "deflate" else (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(window)
        try:
            unpacked = unpacker.decompress(body, most_bytes + 1)
        except zlib.error:
            continue
        if len(unpacked) > most_bytes:
            raise NoResponse("endless", f"the answer is over {most_bytes} bytes long when it is unpacked")
        if not unpacker.eof:
            raise NoResponse("malformed", f"the answer is cut short within its content coding {name}")
        return unpacked
    raise NoResponse("malformed", f"the answer is not what its Content-Encoding says: it is no {name}")
