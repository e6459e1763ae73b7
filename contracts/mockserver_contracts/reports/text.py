"""What others wrote, made harmless to read.

Rule 1: a control character, one that turns the reading direction, or half a character is shown as its escape.
Rule 2: what is cut says so.
"""

from __future__ import annotations


def printable(text: str, *, keep: str = "") -> str:
    """The text with every character that does not print, but for those of `keep`, as its escape."""
    return "".join(char if char.isprintable() or char in keep else ascii(char)[1:-1] for char in text)


def lines(text: str) -> str:
    """The text as printable lines, whatever ended them."""
    return printable(text.replace("\r\n", "\n"), keep="\n\t")


def body_text(body: bytes) -> str:
    """The bytes as text; those that are no UTF-8 stay readable, and nothing is lost."""
    return body.decode("utf-8", "backslashreplace")


def cut(text: str, most: int) -> str:
    """The text, or its beginning and how much is left out."""
    return text if len(text) <= most else f"{text[:most]}… ({count(len(text) - most, 'more character')})"


def count(number: int, noun: str) -> str:
    """The number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
