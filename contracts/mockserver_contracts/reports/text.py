"""Make foreign text harmless to read.

Rule 1: control characters, characters that turn the reading direction and lone surrogates become escapes.
Rule 2: a truncated text says how much is left out.
"""

from __future__ import annotations

from mockserver.printable import count, escape_lines, truncate

__all__ = ["count", "curl_or_length", "decode_body", "escape_lines", "truncate"]


def decode_body(body: bytes) -> str:
    """Decode the body as UTF-8. Other bytes become escapes, and nothing is lost."""
    return body.decode("utf-8", "backslashreplace")


def curl_or_length(curl: str, length: int) -> str:
    """The curl line, or its length if it is longer: a shortened line would send another request."""
    if len(curl) <= length:
        return curl
    return f"(a curl line of {count(len(curl), 'character')}; --report json=FILE has it whole)"
