r"""Texts for PostgreSQL, which refuses NUL and lone surrogates, and other characters if its encoding lacks them.

Stored texts are ASCII. Other characters, `"` and `\` are escaped as in JSON. Different texts stay different.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import encode_basestring_ascii


def escape(text: str) -> str:
    """The text as it is stored."""
    return encode_basestring_ascii(text)[1:-1]


def unescape(text: str) -> str:
    """The text of `escape`."""
    return str(json.loads(f'"{text}"')) if "\\" in text else text


def escape_optional(text: str | None) -> str | None:
    """The stored form of a nullable text."""
    return None if text is None else escape(text)


def unescape_optional(text: str | None) -> str | None:
    """The text of `escape_optional`."""
    return None if text is None else unescape(text)


# psycopg writes the members of an array one by one, which takes ten times as long as these texts of whole arrays.
# Records are JSON, so many of them are one JSON array, whose members PostgreSQL stores as they were sent.


def number_array(numbers: Iterable[int | None]) -> str:
    """The text of an array of integers and nulls."""
    return "{" + ",".join(["NULL" if number is None else str(number) for number in numbers]) + "}"


def text_array(texts: Iterable[str | None]) -> str:
    """The text of an array of texts and nulls."""
    return "{" + ",".join(["NULL" if text is None else _quoted(text) for text in texts]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
