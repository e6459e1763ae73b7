"""The entries of a baseline, read from its text.

Rule 1: what is wrong in the text is told with its line, what was given and what is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn

from mockserver_contracts.baseline.yaml_io import BaselineError, composed

LIST: Final = "accepted"
_ID: Final = re.compile(r"(claim|fuzz|drift)-[0-9a-f]{12}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEEDED: Final = f"a mapping with the list `{LIST}` is needed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that somebody accepted."""

    id: str
    title: str = ""
    reason: str = ""
    since: date | None = None
    expires: date | None = None

    def accepts(self, today: date) -> bool:
        """Whether the acceptance still holds; on the day of its end it does no more."""
        return self.expires is None or today < self.expires


def entries(text: str, name: str) -> tuple[Entry, ...]:
    """The entries of the text, in its order; raises BaselineError."""
    found: dict[str, int] = {}
    read = []
    for node in listed(text, name)[1].items():
        entry = node.entry()
        if entry.id in found:
            node.refuse(f"{entry.id} stands in line {found[entry.id]} too; one entry for each finding is needed")
        found[entry.id] = node.line
        read.append(entry)
    return tuple(read)


def listed(text: str, name: str) -> tuple[Node, Node]:
    """The document and its list of entries, which are not looked at yet; raises BaselineError."""
    root = composed(text, name)
    if root is None:
        raise BaselineError(f"{name}, line 1: nothing is given; {_NEEDED}")
    node = Node(root, name)
    members = node.members("the document", _NEEDED)
    if LIST not in members:
        node.refuse(f"`{LIST}` is missing; {_NEEDED}")
    return node, members[LIST]


class Node:
    """A part of the text, and where it stands."""

    def __init__(self, node: Any, name: str) -> None:
        self._node = node
        self._name = name
        self.line: int = node.start_mark.line + 1

    def refuse(self, sentence: str) -> NoReturn:
        """Raise BaselineError."""
        raise BaselineError(f"{self._name}, line {self.line}: {sentence}")

    def members(self, what: str, needed: str) -> dict[str, Node]:
        """The values by their keys, of a mapping."""
        if self._node.id != "mapping":
            self.refuse(f"{what} is {self.said}; {needed}")
        found: dict[str, Node] = {}
        for key, value in self._node.value:
            if str(key.value) in found:
                Node(key, self._name).refuse(f"the key {key.value!r} is given twice; once is needed")
            found[str(key.value)] = Node(value, self._name)
        return found

    def items(self) -> Iterator[Node]:
        """The items of a list; an empty value has none."""
        if self._node.id != "sequence" and not self.is_empty:
            self.refuse(f"`{LIST}` is {self.said}; a list of entries is needed")
        yield from () if self.is_empty else (Node(each, self._name) for each in self._node.value)

    def entry(self) -> Entry:
        """The entry it is."""
        parts = self.members("an entry", "a mapping with an `id` is needed")
        if "id" not in parts:
            self.refuse("the entry has no `id`; that of a finding is needed")
        id_ = parts["id"].text("id")
        if not _ID.fullmatch(id_):
            parts["id"].refuse(f"the id {id_!r} is of no finding; claim-, fuzz- or drift- and 12 of 0-9a-f are needed")
        title, reason = (parts[key].text(key) if key in parts else "" for key in ("title", "reason"))
        since, expires = (parts[key].day(key) if key in parts else None for key in ("since", "expires"))
        return Entry(id_, title, reason, since, expires)

    def text(self, key: str) -> str:
        """The scalar it is."""
        if self._node.id != "scalar":
            self.refuse(f"`{key}` is {self.said}; a text is needed")
        return "" if self.is_empty else str(self._node.value)

    def day(self, key: str) -> date | None:
        """The day it is; none, where nothing is given."""
        given = self.text(key)
        if self.is_empty:
            return None
        try:
            return date.fromisoformat(given if _DAY.fullmatch(given) else "")
        except ValueError:
            self.refuse(f"`{key}` is {given!r}; a day as 2027-01-31 is needed")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is given."""
        return bool(self._node.id == "scalar" and str(self._node.tag) == "tag:yaml.org,2002:null")

    @property
    def is_in_lines(self) -> bool:
        """Whether each of its parts has lines of its own."""
        return bool(self._node.id != "scalar" and not self._node.flow_style)

    @property
    def bounds(self) -> tuple[int, int]:
        """Where it begins and ends."""
        return self._node.start_mark.index, self._node.end_mark.index

    @property
    def end(self) -> Any:
        """The mark of its end."""
        return self._node.end_mark

    @property
    def column(self) -> int:
        """The column in which it begins."""
        return int(self._node.start_mark.column)

    @property
    def said(self) -> str:
        """What was given, for a refusal."""
        if self._node.id == "scalar":
            return "empty" if self.is_empty else repr(str(self._node.value))
        return f"a {self._node.id}"
