"""Objects of a node: their members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from mockserver.contract.mocking.sample.keywords import absorb
from mockserver.contract.mocking.sample.member_names import extra_names
from mockserver.contract.mocking.sample.schema_node import SchemaNode
from mockserver.contract.mocking.sample.state import Circle, MakeValue, Making, NoValue, Path, WorkLimitExceeded
from mockserver.contract.strict_json import Json

MEMBER_ODDS: Final = 0.8
MAX_EXTRA: Final = 10_000
"""The number of members without a name of their own."""
_PLAIN: Final[Mapping[str, Json]] = {"string": "text", "integer": 1, "boolean": True}


class ObjectMaker:
    """Makes the objects of one value."""

    def __init__(self, making: Making, value: MakeValue) -> None:
        self._making = making
        self._value = value

    def make(self, node: SchemaNode, attempt: int, path: Path, circle: Circle) -> Json:
        """An object of the node; raises NoValue and WorkLimitExceeded."""
        if attempt > 2:
            raise NoValue(path)
        names = self._names(node, only_required=attempt == 1, path=path, circle=circle)
        members: dict[str, Json] = {}
        unwanted = self._making.state.unwanted.get(path, set())
        while names:
            name = next(iter(names))
            needed = name in node.required or name in self._making.state.wanted.get(path, ())
            del names[name]
            if name in members or (name in unwanted and not needed):
                continue
            try:
                members[name] = self._member(node, name, path, circle)
            except NoValue:
                if needed:
                    raise
                continue
            # a member may require others, and add constraints to the others
            for other in node.needed_with.get(name, ()):
                node.required[other] = None
                names[other] = None
            for schema in node.schemas_with.pop(name, ()):
                absorb(node, schema)
                names.update(dict.fromkeys(each for each in node.required if each not in members))
        missing = max(node.min_members - len(members), 0)
        if missing > MAX_EXTRA:
            raise WorkLimitExceeded
        for extra in islice(extra_names(self._making.context, node), int(missing)):
            if extra not in members:
                members[extra] = self._member(node, extra, path, circle)
        if attempt == 2:
            members.update(self._excluding_members(node, members))
        if node.max_members is not None:
            for name in [name for name in reversed(members) if name not in node.required]:
                if len(members) > node.max_members:
                    del members[name]
        return members

    def _names(self, node: SchemaNode, *, only_required: bool, path: Path, circle: Circle) -> dict[str, None]:
        required = {**node.required, **self._making.state.wanted.get(path, {})}
        if only_required or self._making.is_deep(path):
            return required
        names: dict[str, None] = {}
        for name, schemas in node.properties.items():
            is_drawn = self._making.rng is None or self._making.rng.random() < MEMBER_ODDS
            if name in required or (is_drawn and not self._making.closes_circle(schemas, circle)):
                names[name] = None
        names.update(required)
        if not names and node.max_members != 0 and not node.properties:
            # a map gets one entry
            names.update(dict.fromkeys(islice(self._entry_names(node), 1)))
        return names

    def _entry_names(self, node: SchemaNode) -> Iterator[str]:
        if node.patterns or any(isinstance(each.schema, dict) for each in node.closed):
            yield from extra_names(self._making.context, node)

    def _member(self, node: SchemaNode, name: str, path: Path, circle: Circle) -> Json:
        schemas = node.schemas_of(name)
        if name in node.tag_values and self._making.state.attempts.get((*path, name), 0) == 0:
            constants = SchemaNode(self._making.context)
            for schema in schemas:
                absorb(constants, schema)
            if not constants.options or node.tag_values[name] in constants.constants():
                self._making.visited.add((*path, name))
                return node.tag_values[name]
        return self._value(schemas, (*path, name), circle)

    def _excluding_members(self, node: SchemaNode, members: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
        """Members that exclude another branch, and that the chosen branch ignores."""
        for branch in node.others:
            other = SchemaNode(self._making.context)
            absorb(other, branch)
            for name, schemas in other.properties.items():
                if name in members or node.schemas_of(name):
                    continue
                excluded = SchemaNode(self._making.context)
                for schema in schemas:
                    absorb(excluded, schema)
                wrong = next((_PLAIN[kind] for kind in _PLAIN if kind not in excluded.types), None)
                if wrong is not None:
                    yield name, wrong
                    break
