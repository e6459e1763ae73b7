"""Make foreign text harmless to read.

Rule 1: control characters, characters that turn the reading direction and lone surrogates become escapes.
Rule 2: a truncated text says how much is left out.
"""

from __future__ import annotations

from mockserver.printable import escape_line


def escape_lines(text: str) -> str:
    """Replace every character that does not print with its escape. Line breaks and tabs stay."""
    return escape_line(text.replace("\r\n", "\n"), keep="\n\t")


def decode_body(body: bytes) -> str:
    """Decode the body as UTF-8. Other bytes become escapes, and nothing is lost."""
    return body.decode("utf-8", "backslashreplace")


def truncate(text: str, length: int) -> str:
    """Cut the text after `length` characters, and say how many are left out."""
    return text if len(text) <= length else f"{text[:length]}… ({count(len(text) - length, 'more character')})"


def count(number: int, noun: str) -> str:
    """Format the number with its noun, in the singular or plural."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def curl_or_length(curl: str, length: int) -> str:
    """The curl line, or its length if it is longer: a shortened line would send another request."""
    if len(curl) <= length:
        return curl
    return f"(a curl line of {count(len(curl), 'character')}; --report json=FILE has it whole)"
