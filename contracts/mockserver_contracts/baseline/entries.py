"""The entries of a baseline, parsed from its text.

Rule 1: every error names the line, the given value and the needed one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from mockserver_contracts.baseline.search import Search
from mockserver_contracts.baseline.search_yaml import SEARCH_KEY, parse_search
from mockserver_contracts.baseline.yaml_io import BaselineError, YamlNode, compose_yaml

ENTRIES_KEY: Final = "accepted"
_ID: Final = re.compile(r"(claim|fuzz|drift)-[0-9a-f]{12}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEEDED: Final = f"a mapping with the list `{ENTRIES_KEY}` is needed"


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """An accepted finding, with the reason and the days of its acceptance."""

    id: str
    title: str = ""
    reason: str = ""
    since: date | None = None
    expires: date | None = None
    # The search that showed the finding. Entries of people and of older versions have none.
    search: Search | None = None

    def is_valid(self, today: date) -> bool:
        """The acceptance has not expired. It ends on the day `expires`."""
        return self.expires is None or today < self.expires


def parse_entries(text: str, file: str) -> tuple[BaselineEntry, ...]:
    """The entries of the text, in its order; raises BaselineError."""
    lines: dict[str, int] = {}
    entries = []
    for node in entry_nodes(parse_document(text, file)[1]):
        entry = parse_entry(node)
        if entry.id in lines:
            node.refuse(f"{entry.id} stands in line {lines[entry.id]} too; one entry for each finding is needed")
        lines[entry.id] = node.line
        entries.append(entry)
    return tuple(entries)


def parse_document(text: str, file: str) -> tuple[YamlNode, YamlNode]:
    """The document and its list of entries, which stay unparsed; raises BaselineError."""
    root = compose_yaml(text, file)
    if root is None:
        raise BaselineError(f"{file}, line 1: nothing is given; {_NEEDED}")
    members = root.members("the document", _NEEDED)
    if ENTRIES_KEY not in members:
        root.refuse(f"`{ENTRIES_KEY}` is missing; {_NEEDED}")
    return root, members[ENTRIES_KEY]


def entry_nodes(entries: YamlNode) -> tuple[YamlNode, ...]:
    """The node of each entry in the list; raises BaselineError."""
    return tuple(entries.items(f"`{ENTRIES_KEY}`", "a list of entries is needed"))


def parse_entry(node: YamlNode) -> BaselineEntry:
    """The entry of the node; raises BaselineError."""
    members = node.members("an entry", "a mapping with an `id` is needed")
    if "id" not in members:
        node.refuse("the entry has no `id`; the id of a finding is needed")
    id_ = members["id"].text("`id`")
    if not _ID.fullmatch(id_):
        needed = "claim-, fuzz- or drift- and 12 characters of 0-9a-f are needed"
        members["id"].refuse(f"{id_!r} is not the id of a finding; {needed}")
    title, reason = (members[key].text(f"`{key}`") if key in members else "" for key in ("title", "reason"))
    since, expires = (_parse_day(members[key], f"`{key}`") if key in members else None for key in ("since", "expires"))
    search = parse_search(members[SEARCH_KEY]) if SEARCH_KEY in members else None
    return BaselineEntry(id_, title, reason, since, expires, search)


def _parse_day(node: YamlNode, name: str) -> date | None:
    given = node.text(name)
    if node.is_empty:
        return None
    try:
        return date.fromisoformat(given if _DAY.fullmatch(given) else "")
    except ValueError:
        node.refuse(f"{name} is {given!r}; a day as 2027-01-31 is needed")
