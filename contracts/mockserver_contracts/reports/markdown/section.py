"""Sections of a bounded length."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver_contracts.reports.text import count

_LAST_LINE = 100


def section(heading: str, items: Sequence[str], noun: str, *, room: int) -> str:
    """A heading and a list, at most `room` characters long; empty without items.

    The last line says how many items are left out.
    """
    if not items:
        return ""
    lines, left = [f"### {heading}", ""], room - len(heading) - _LAST_LINE
    for place, item in enumerate(items):
        line = f"- {item}"
        left -= len(line) + 1
        if left < 0:
            lines.append(f"- and {count(len(items) - place, f'more {noun}')}; --report json=FILE has them all")
            break
        lines.append(line)
    return "\n".join(lines)
