"""The readings of a body that may be packed, whatever its Content-Encoding says and however it is cut or damaged."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 16 + zlib.MAX_WBITS
_ZLIB: Final = zlib.MAX_WBITS
# The bare stream that some readers of `deflate` take.
_BARE: Final = -zlib.MAX_WBITS
_MOST_BYTES: Final = 1 << 20


def readings(body: bytes) -> Iterator[bytes]:
    """The body as it is, and the text that an unpacker finds in it, up to a fault and to a mebibyte.

    Nobody reads what begins like gzip as a text, and nobody unpacks a text without the name of a coding.
    """
    if body.startswith(_MAGIC):
        yield _unpack_beginning(body, _GZIP)
        return
    yield body
    for window in (_ZLIB,) if _is_text(body) else (_ZLIB, _BARE):
        yield _unpack_beginning(body, window)


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _unpack_beginning(body: bytes, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    text = b""
    # Byte by byte: an unpacker that finds a fault returns nothing of the piece that holds it.
    for at in range(len(body)):
        try:
            text += unpacker.decompress(body[at : at + 1], _MOST_BYTES)
        except zlib.error:
            break
        if unpacker.eof or len(text) >= _MOST_BYTES:
            break
    return text
