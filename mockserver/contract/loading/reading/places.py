"""The lines of the values in a text that has been read. The text is composed once; only asked pointers are followed."""

from __future__ import annotations

from typing import Any

import yaml

from mockserver.contract.loading.reading.core_loader import CoreLoader
from mockserver.contract.loading.reading.full_reader import without_foreign_signs
from mockserver.contract.pointer import path_of

_Members = dict[str, tuple[Any, Any]]


class Places:
    """The nodes of one text. Each mapping is indexed when a pointer passes it."""

    def __init__(self, text: str) -> None:
        try:
            self._root: Any = yaml.compose(without_foreign_signs(text), Loader=CoreLoader)
        except yaml.YAMLError:
            self._root = None
        self._members: dict[int, _Members] = {}

    def line(self, pointer: str) -> int | None:
        """The line of the value at a pointer, or of the nearest value around it."""
        if self._root is None:
            return None
        node = place = self._root
        for step in path_of(pointer):
            if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
                node = place = node.value[int(step)]
            elif isinstance(node, yaml.MappingNode) and step in (members := self._of(node)):
                place, node = members[step]
            else:
                break
        return int(place.start_mark.line) + 1

    def _of(self, node: Any) -> _Members:
        """The nodes of a mapping's keys and values, with those that it merges."""
        known = self._members.get(id(node))
        if known is None:
            known = self._members[id(node)] = {}
            for key, value in node.value:
                if getattr(key, "tag", "") == "tag:yaml.org,2002:merge":
                    for each in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                        if isinstance(each, yaml.MappingNode):
                            known.update({name: pair for name, pair in self._of(each).items() if name not in known})
                else:
                    known[str(key.value)] = (key, value)
        return known
