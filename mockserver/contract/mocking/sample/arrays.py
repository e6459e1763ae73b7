"""Arrays of a node: their length and their items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mockserver.contract.mocking.sample.schema_node import SchemaNode
from mockserver.contract.mocking.sample.state import Circle, MakeValue, Making, NoValue, Path, WorkLimitExceeded
from mockserver.contract.strict_json import Json

LONGEST_LIST: Final = 10_000
MAX_VARIED_PLACES: Final = 40


class ArrayMaker:
    """Makes the arrays of one value."""

    def __init__(self, making: Making, value: MakeValue) -> None:
        self._making = making
        self._value = value

    def make(self, node: SchemaNode, attempt: int, path: Path, circle: Circle) -> Json:
        """An array of the node; raises NoValue and WorkLimitExceeded."""
        least = node.min_items
        if max(least, sum(count for _, count in node.contains)) > LONGEST_LIST:
            raise WorkLimitExceeded
        first = [schema for schema, count in node.contains for _ in range(count)]
        least = max(least, len(first))
        likely = max(least, 1, *(len(prefix) for prefix in node.prefixes), 1)
        if self._making.rng is not None:
            likely = max(least, self._making.rng.randrange(4))
        if self._making.is_deep(path) or (least == 0 and self._making.closes_circle(node.schemas_at(0), circle)):
            likely = least
        lengths = [likely, least, least + 1, least + 2]
        length = lengths[attempt % len(lengths)]
        if attempt >= len(lengths):
            raise NoValue(path)
        if node.max_items is not None:
            length = min(length, node.max_items)
        items: list[Json] = []
        for index in range(length):
            schemas = node.schemas_at(index)
            at = index - max((len(prefix) for prefix in node.prefixes), default=0)
            if 0 <= at < len(first):
                schemas = [*schemas, first[at]]
            elif length - index <= len(first) and at < 0:
                schemas = [*schemas, first[index - (length - len(first))]]
            try:
                items.append(self._item(node, schemas, items, (*path, index), circle))
            except NoValue:
                if len(items) < least:
                    raise
                break
        return items

    def _item(
        self, node: SchemaNode, schemas: Sequence[Json], before: Sequence[Json], path: Path, circle: Circle
    ) -> Json:
        item = self._value(schemas, path, circle)
        if not node.is_unique or not any(_same(item, other) for other in before):
            return item
        # a different item differs in one of its inner places, if it has any
        places = sorted((each for each in self._making.visited if each[: len(path)] == path != each), key=len) or [path]
        attempts = self._making.state.attempts
        planned = dict(attempts)
        for further in range(1, len(before) + 30):
            for place in places[:MAX_VARIED_PLACES]:
                attempts[place] = planned.get(place, 0) + further
                try:
                    item = self._value(schemas, path, circle)
                    if not any(_same(item, other) for other in before):
                        return item
                except NoValue:
                    continue
                finally:
                    attempts.clear()
                    attempts.update(planned)
        raise NoValue(path)


def _same(one: Json, other: Json) -> bool:
    """The values are equal in JSON Schema: 1 equals 1.0, and true does not equal 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    return one == other
