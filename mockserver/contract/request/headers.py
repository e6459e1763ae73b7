"""Raw headers of a request, and the cookies in them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from mockserver.contract.request.encoded_text import EncodedText

Headers = Sequence[tuple[bytes, bytes]]
"""Names in lower case, and values, in the order of the request."""


def read_cookies(headers: Headers) -> list[tuple[str, str]]:
    """The names and values of the cookies, in the order of the request."""
    found = []
    for name, value in headers:
        for part in value.decode("latin-1").split(";") if name == b"cookie" else ():
            key, equals, text = part.strip().partition("=")
            if equals:
                found.append((key, _decoded(text.strip('"'))))
    return found


def _decoded(text: str) -> str:
    try:
        return EncodedText.of(text, is_form=False)
    except UnicodeDecodeError:
        return unquote(text, errors="replace")
