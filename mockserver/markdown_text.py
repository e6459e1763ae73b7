"""Foreign text in GitHub-flavored Markdown.

Rule 1: harmless text stays as it is; any other is a code span, in which GitHub sees no markup, link, mention, issue or
emoji. A backslash would not do: GitHub looks for mentions after it has removed the backslashes.
Rule 2: the delimiter of a code span or block is longer than every run of backticks inside.
"""

from __future__ import annotations

import re
from typing import Final

from mockserver.printable import escape_line, escape_lines, truncate

# Without markup, and without what GitHub links: no `@`, `#`, `GH-1`, `://`, `www.` or `:emoji:`.
_HARMLESS: Final = re.compile(
    r"(?!.*(?:www\.|gh-))(?:[a-z0-9 ,.;'()/{}=%?-]|:(?= )|(?<=[a-z0-9])_(?=[a-z0-9]))+", re.IGNORECASE
)
_BACKTICKS: Final = re.compile("`+")


def inline(text: str, length: int = 200) -> str:
    """The text in a line: as it is if it is harmless, else as a code span."""
    shown = truncate(escape_line(text), length)
    return shown if _HARMLESS.fullmatch(shown) and shown == shown.strip() else code(text, length)


def code(text: str, length: int = 200) -> str:
    """A code span; nothing for no text."""
    shown = truncate(escape_line(text), length)
    if not shown.strip():
        return f"`{shown}`" if shown else ""
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if "`" in (shown[0], shown[-1]) or shown[0] == shown[-1] == " " else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def code_block(text: str, language: str) -> str:
    """A fenced code block."""
    shown = escape_lines(text)
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
