"""Merge entries into the text of a baseline.

Rule 1: a merge touches only the lines of added and removed entries, and adds a line to an entry that gets a search.
Comments between entries stay.
Rule 2: a list on one line is dumped anew, with the document around it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any, Final

from mockserver_contracts.baseline.entries import (
    ENTRIES_KEY,
    BaselineEntry,
    entry_nodes,
    parse_document,
    parse_entry,
)
from mockserver_contracts.baseline.search import Search
from mockserver_contracts.baseline.search_yaml import SEARCH_KEY, search_members
from mockserver_contracts.baseline.yaml_io import YamlNode, dump_yaml, flow_mapping, load_yaml, scan_tokens

EMPTY: Final = """\
# Findings that were looked at and accepted. `mockserver check --baseline FILE --update-baseline` merges new ones.
accepted: []
"""
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def merge_entries(
    text: str,
    file: str,
    added: Sequence[BaselineEntry],
    removed: Collection[str],
    recorded: Mapping[str, Search],
) -> str:
    """The text with `added` at the end of its list and without the entries of the ids `removed`.

    The entries of the ids `recorded`, which have no search yet, get theirs.
    """
    source = _Source(text, file)
    if not added and not any(id_ in removed or id_ in recorded for id_ in source.ids):
        return text
    if source.has_lines:
        return source.splice(added, removed, recorded)
    return source.dump(added, removed, recorded)


class _Source:
    """The text with the positions of its entries."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._root, self._list = parse_document(text, file)
        self.nodes: tuple[YamlNode, ...] = entry_nodes(self._list)
        self.ids: tuple[str, ...] = tuple(parse_entry(node).id for node in self.nodes)
        line_end = _LINE_END.search(text)
        self._line_break = "\n" if line_end is None else line_end[0]

    @property
    def has_lines(self) -> bool:
        """Each entry has lines of its own, or the empty list can get them."""
        return self._list.is_block or (self._root.is_block and not self.nodes)

    def splice(self, added: Sequence[BaselineEntry], removed: Collection[str], recorded: Mapping[str, Search]) -> str:
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
        for id_, node, (first, last, _) in reversed(list(zip(self.ids, self.nodes, places, strict=True))):
            if id_ in removed:
                head = head[:first] + head[last:]
            elif id_ in recorded:
                head = self._insert_search(head, node, last, recorded[id_])
        if added:
            head = self._ended(head) + self._lines([_mapping(entry) for entry in added], column)
        return head + tail

    def _insert_search(self, text: str, node: YamlNode, last: int, search: Search) -> str:
        """The text with the search as the last line of the entry, or as the first member of one in braces."""
        if not node.is_block:
            inside = node.bounds[0] + 1
            member = dump_yaml(flow_mapping({SEARCH_KEY: search_members(search)})).strip()[1:-1]
            return f"{text[:inside]}{member}, {text[inside:]}"
        line = self._lines({SEARCH_KEY: flow_mapping(search_members(search))}, node.first_key_column)
        return self._ended(text[:last]) + line + text[last:]

    def _lines(self, value: Any, column: int) -> str:
        return indent(dump_yaml(value), " " * column).replace("\n", self._line_break)

    def _ended(self, text: str) -> str:
        return text if text.endswith(("\n", "\r")) else text + self._line_break

    def dump(self, added: Sequence[BaselineEntry], removed: Collection[str], recorded: Mapping[str, Search]) -> str:
        """Dump the whole document: its list has no lines between which an entry fits."""
        document = load_yaml(self._text, self._file)
        entries = document[ENTRIES_KEY] or []
        for place, id_ in reversed(list(enumerate(self.ids))):
            if id_ in removed:
                del entries[place]
            elif id_ in recorded:
                entries[place][SEARCH_KEY] = flow_mapping(search_members(recorded[id_]))
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
    search = {} if entry.search is None else {SEARCH_KEY: flow_mapping(search_members(entry.search))}
    return {"id": entry.id, "title": entry.title, "reason": entry.reason, **given, **search}
