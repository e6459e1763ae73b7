"""Entries merged into the text of a baseline.

Rule 1: a merge touches the lines of the entries that come and go, and no other; comments between entries stay.
Rule 2: a list that stands on one line is written anew, with the document around it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from textwrap import indent
from typing import Any, Final

from mockserver_contracts.baseline.entries import LIST, Entry, Node, listed
from mockserver_contracts.baseline.yaml_io import dumped, loaded, tokens

EMPTY: Final = """\
# Findings that were looked at and accepted. `mockserver check --baseline FILE --update-baseline` merges new ones.
accepted: []
"""
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def merged(text: str, name: str, added: Sequence[Entry], gone: Collection[str]) -> str:
    """The text with the entries added at the end of its list, and without those that are gone."""
    source = _Source(text, name)
    if not added and not any(node.entry().id in gone for node in source.nodes()):
        return text
    return source.spliced(added, gone) if source.has_lines else source.rewritten(added, gone)


class _Source:
    """The text taken apart."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._root, self._list = listed(text, name)

    @property
    def has_lines(self) -> bool:
        """Whether each entry has lines of its own, or could have."""
        return self._list.is_in_lines or (self._root.is_in_lines and not self.nodes())

    def nodes(self) -> list[Node]:
        """The entries, not looked at yet."""
        return list(self._list.items())

    def spliced(self, added: Sequence[Entry], gone: Collection[str]) -> str:
        """The text with the lines of entries taken out and put in."""
        places = list(self._places()) if self.nodes() else []
        start, stop = self._list.bounds
        if places:
            column, end = places[0][2], places[-1][1]
            head = self._text[:end]
        else:
            column, end = self._root.column + 2, self._line_end(self._list.end)
            head = self._text[:start].rstrip(" ") + self._text[stop:end]
        tail = self._text[end:]
        lines = indent(dumped([_mapping(entry) for entry in added]), " " * column) if added else ""
        line_end = _LINE_END.search(self._text)
        if line_end is not None:
            lines = lines.replace("\n", line_end[0])
        if added and not head.endswith(("\n", "\r")):
            head += "\n" if line_end is None else line_end[0]
        for node, (first, last, _) in reversed(list(zip(self.nodes(), places, strict=True))):
            if node.entry().id in gone:
                head = head[:first] + head[last:]
        return head + lines + tail

    def rewritten(self, added: Sequence[Entry], gone: Collection[str]) -> str:
        """The text written anew: its list has no lines to put an entry between."""
        document = loaded(self._text, self._name)
        known = document[LIST] or []
        for place, node in reversed(list(enumerate(self.nodes()))):
            if node.entry().id in gone:
                del known[place]
        known.extend(_mapping(entry) for entry in added)
        document[LIST] = known
        return dumped(document)

    def _places(self) -> Iterator[tuple[int, int, int]]:
        """Where the lines of each entry begin and end, and the column of its dash."""
        first, last = self._list.bounds
        all_tokens = tokens(self._text, self._name)
        inside = [
            (type(token).__name__, token.start_mark, token.end_mark)
            for token in all_tokens
            if first <= token.start_mark.index < last and type(token).__name__ != "BlockEndToken"
        ]
        column = next(start.column for name, start, _ in inside if name == "BlockEntryToken")
        dashes = [
            place
            for place, (name, start, _) in enumerate(inside)
            if name == "BlockEntryToken" and start.column == column
        ]
        for place, following in zip(dashes, [*dashes[1:], len(inside)], strict=True):
            end = inside[following - 1][2]
            yield inside[place][1].index - column, self._line_end(end), column

    def _line_end(self, mark: Any) -> int:
        begin = int(mark.index) - int(mark.column)
        # A text of several lines, and an empty value, end where the next line with something on it begins.
        if not self._text[begin : mark.index].strip():
            return begin
        found = _LINE_END.search(self._text, mark.index)
        return len(self._text) if found is None else found.end()


def _mapping(entry: Entry) -> dict[str, Any]:
    days = {"since": entry.since, "expires": entry.expires}
    given = {name: day for name, day in days.items() if day is not None}
    return {"id": entry.id, "title": entry.title, "reason": entry.reason, **given}
