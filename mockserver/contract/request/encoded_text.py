"""Decoded texts that know their encoded form.

Rule: a percent-encoded delimiter is data and splits nothing (RFC 3986, 2.2). A space and a pipe have to be encoded, so
      they split in every form.
"""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import unquote, unquote_plus

ALWAYS_ENCODED: Final = frozenset({" ", "|"})
_DECODERS: Final = {True: partial(unquote_plus, errors="strict"), False: partial(unquote, errors="strict")}


class EncodedText(str):
    """The text of a query, a path, a cookie or a form, and its encoded form."""

    raw: str
    is_form: bool

    @classmethod
    def of(cls, raw: str, *, is_form: bool = True) -> EncodedText:
        """The text; in a form a plus means a space. Raises UnicodeDecodeError."""
        text = cls(_DECODERS[is_form](raw))
        text.raw, text.is_form = raw, is_form
        return text

    def split_raw(self, delimiter: str) -> list[str]:
        """The parts between delimiters that are not encoded."""
        return [EncodedText.of(part, is_form=self.is_form) for part in self.raw.split(delimiter)]


def split_text(text: str, delimiter: str) -> list[str]:
    """The parts of a text."""
    if not isinstance(text, EncodedText):
        return text.split(delimiter)
    if delimiter in ALWAYS_ENCODED and delimiter not in text.raw:
        return text.split(delimiter)
    return text.split_raw(delimiter)


def without_prefix(text: str, prefix: str) -> str:
    """The text without a prefix that is not encoded."""
    if isinstance(text, EncodedText):
        return EncodedText.of(text.raw.removeprefix(prefix), is_form=text.is_form)
    return text.removeprefix(prefix)


def read_pairs(text: str) -> list[tuple[str, str]]:
    """The names and values of `a=1&b=2`; raises UnicodeDecodeError."""
    pairs: list[tuple[str, str]] = []
    for pair in text.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            pairs.append((unquote_plus(name, errors="strict"), EncodedText.of(value)))
    return pairs
