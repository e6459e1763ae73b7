"""Merge entries into the text of a baseline.

Rule 1: a merge touches only the lines of added and removed entries; comments between entries stay.
Rule 2: a list on one line is dumped anew, with the document around it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from textwrap import indent
from typing import Any, Final

from mockserver_contracts.baseline.entries import (
    ENTRIES_KEY,
    BaselineEntry,
    entry_nodes,
    parse_document,
    parse_entry,
)
from mockserver_contracts.baseline.yaml_io import YamlNode, dump_yaml, load_yaml, scan_tokens

EMPTY: Final = """\
# Findings that were looked at and accepted. `mockserver check --baseline FILE --update-baseline` merges new ones.
accepted: []
"""
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def merge_entries(text: str, file: str, added: Sequence[BaselineEntry], removed: Collection[str]) -> str:
    """The text with `added` at the end of its list and without the entries of the ids `removed`."""
    source = _Source(text, file)
    if not added and not any(parse_entry(node).id in removed for node in source.nodes):
        return text
    return source.splice(added, removed) if source.has_lines else source.dump(added, removed)


class _Source:
    """The text with the positions of its entries."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._root, self._list = parse_document(text, file)
        self.nodes: tuple[YamlNode, ...] = entry_nodes(self._list)

    @property
    def has_lines(self) -> bool:
        """Each entry has lines of its own, or the empty list can get them."""
        return self._list.is_block or (self._root.is_block and not self.nodes)

    def splice(self, added: Sequence[BaselineEntry], removed: Collection[str]) -> str:
        """Remove and insert the lines of entries."""
        places = list(self._places()) if self.nodes else []
        start, stop = self._list.bounds
        if places:
            column, end = places[0][2], places[-1][1]
            head = self._text[:end]
        else:
            column, end = self._root.column + 2, self._line_end(self._list.end)
            head = self._text[:start].rstrip(" ") + self._text[stop:end]
        tail = self._text[end:]
        lines = indent(dump_yaml([_mapping(entry) for entry in added]), " " * column) if added else ""
        line_end = _LINE_END.search(self._text)
        if line_end is not None:
            lines = lines.replace("\n", line_end[0])
        if added and not head.endswith(("\n", "\r")):
            head += "\n" if line_end is None else line_end[0]
        for node, (first, last, _) in reversed(list(zip(self.nodes, places, strict=True))):
            if parse_entry(node).id in removed:
                head = head[:first] + head[last:]
        return head + lines + tail

    def dump(self, added: Sequence[BaselineEntry], removed: Collection[str]) -> str:
        """Dump the whole document: its list has no lines between which an entry fits."""
        document = load_yaml(self._text, self._file)
        entries = document[ENTRIES_KEY] or []
        for place, node in reversed(list(enumerate(self.nodes))):
            if parse_entry(node).id in removed:
                del entries[place]
        entries.extend(_mapping(entry) for entry in added)
        document[ENTRIES_KEY] = entries
        return dump_yaml(document)

    def _places(self) -> Iterator[tuple[int, int, int]]:
        """The first and last index of each entry's lines, and the column of its dash."""
        first, last = self._list.bounds
        inside = [
            (type(token).__name__, token.start_mark, token.end_mark)
            for token in scan_tokens(self._text, self._file)
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
        # The mark of a text of several lines, or of an empty value, is at the start of the next line with content.
        if not self._text[begin : mark.index].strip():
            return begin
        found = _LINE_END.search(self._text, mark.index)
        return len(self._text) if found is None else found.end()


def _mapping(entry: BaselineEntry) -> dict[str, Any]:
    days = {"since": entry.since, "expires": entry.expires}
    given = {name: day for name, day in days.items() if day is not None}
    return {"id": entry.id, "title": entry.title, "reason": entry.reason, **given}
