"""Foreign text for a terminal or a line of a report: what does not print becomes an escape.

Control characters, characters that turn the reading direction and lone surrogates come in requests and documents. A
terminal would obey them. The runner of GitHub Actions obeys commands in the text.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any, Final

# The runner reads commands of two generations, and looks at each line without the spaces at its start.
_COMMAND: Final = re.compile(r"(?<![^\r\n])((?:[^\S\r\n]|\x1b\[[0-9;]*m)*):(?=:)|##(?=\[)")


def escape_line(text: str, *, keep: str = "") -> str:
    """Replace every character that does not print, except those of `keep`, with its escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in keep else ascii(char)[1:-1] for char in text)


def escape_lines(text: str) -> str:
    """Replace every character that does not print with its escape. Line breaks and tabs stay."""
    return escape_line(text.replace("\r\n", "\n"), keep="\n\t")


def truncate(text: str, length: int) -> str:
    """Cut the text after `length` characters, and say how many are left out."""
    return text if len(text) <= length else f"{text[:length]}… ({count(len(text) - length, 'more character')})"


def count(number: int, noun: str) -> str:
    """Format the number with its noun, in the singular or plural."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def escape_commands(text: str) -> str:
    """Escape `::` at the start of a line and `##[` anywhere: GitHub's runner would obey `::set-output` after them."""
    return _COMMAND.sub(lambda found: "#\\x23" if found[1] is None else f"{found[1]}\\x3a", text)


def json_lines(value: Any) -> str:
    """The value as indented JSON. Characters that do not print are escaped as JSON has it."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)


class EscapingFormatter(logging.Formatter):
    """A formatter of log lines. Only a traceback has several lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # the name is logging's
        """Format the line."""
        return escape_line(super().formatMessage(record))
