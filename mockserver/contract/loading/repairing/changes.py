"""The changes of one document: it is changed in place, and each change is reported once.

Rule 1: a pointer refers to the document as given, so a list remembers the first indices of its items.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from mockserver.contract.loading.checking.document_error import DocumentError
from mockserver.contract.loading.checking.members import LinkedPath, linked_pointer

GONE: Final = object()
"""Stands in a list for a removed item until the list is closed up."""
MOST_CHARACTERS: Final = 60


@dataclass(slots=True)
class Node:
    """A value of the document: its holder, its key in it, its path and its kind."""

    holder: Any
    key: Any
    path: LinkedPath
    kind: str

    @property
    def value(self) -> Any:
        """The value, or GONE."""
        if isinstance(self.holder, dict):
            return self.holder.get(self.key, GONE)
        return self.holder[self.key]

    def put(self, value: Any) -> None:
        """Replace the value."""
        self.holder[self.key] = value


class Changes:
    """The reports of the changes, and the lists that lost items."""

    def __init__(self) -> None:
        self._reports: dict[DocumentError, None] = {}
        self._indices: dict[int, tuple[list[Any], list[int]]] = {}
        self._open: dict[int, list[Any]] = {}

    @property
    def reports(self) -> tuple[DocumentError, ...]:
        """The reports in order, each once."""
        return tuple(self._reports)

    def report(self, path: LinkedPath, sentence: str) -> None:
        """Report a change at a path."""
        self._reports.setdefault(DocumentError(linked_pointer(path), sentence))

    def drop(self, node: Node, sentence: str) -> None:
        """Report and remove a value."""
        self.report(node.path, sentence)
        self.remove(node)

    def remove(self, node: Node) -> None:
        """Remove a value from its holder."""
        if isinstance(node.holder, dict):
            node.holder.pop(node.key, None)
        else:
            node.holder[node.key] = GONE
            self._open[id(node.holder)] = node.holder

    def indices(self, items: list[Any]) -> list[int]:
        """The index in the given document for each item of a list."""
        known = self._indices.get(id(items))
        return list(range(len(items))) if known is None else known[1]

    def close_up(self) -> None:
        """Close up the lists that lost items."""
        for items in self._open.values():
            left = [(index, item) for index, item in zip(self.indices(items), items, strict=True) if item is not GONE]
            items[:] = [item for _, item in left]
            self._indices[id(items)] = (items, [index for index, _ in left])
        self._open.clear()


def excerpt(value: Any) -> str:
    """A value in a message."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
