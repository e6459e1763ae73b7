"""The framing of an answer on the wire: the bytes beyond the length that it announces (RFC 9112, 6.3).

A client takes such bytes for the beginning of the next answer, or drops them with the connection.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_HEAD: Final = 64 * 1024
"""The bytes of an answer's beginning in which its head is looked for."""

_HEAD: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3}).*?\r?\n\r?\n", re.DOTALL)
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*([0-9]+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CODING: Final = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_BODILESS: Final = frozenset({204, 304})


def excess_bytes(beginning: bytes, received: int, *, method: str) -> int:
    """The number of bytes behind the end of the answer; 0 if its end is not announced by a length.

    `beginning` has the first bytes of all that was received for the request.
    """
    head = _HEAD.match(beginning)
    while head is not None and head[1].startswith(b"1"):
        head = _HEAD.match(beginning, head.end())
    if head is None:
        return 0
    if method == "HEAD" or int(head[1]) in _BODILESS:
        return received - head.end()
    length = _LENGTH.search(head[0])
    if length is None or _CODING.search(head[0]):
        return 0
    return max(received - head.end() - int(length[1]), 0)
