"""Arrays of a node: their length and their items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from mockserver.contract.mocking.sample.contradictions import is_possible
from mockserver.contract.mocking.sample.keywords import absorb
from mockserver.contract.mocking.sample.schema_node import SchemaNode
from mockserver.contract.mocking.sample.state import Circle, MakeValue, Making, NoValue, Path, WorkLimitExceeded
from mockserver.contract.strict_json import Json

LONGEST_LIST: Final = 10_000
MAX_VARIED_PLACES: Final = 40
MAX_FAILURES: Final = 40
MAX_COMBINED_PLACES: Final = 6
MAX_COMBINED_ATTEMPTS: Final = 4


class ArrayMaker:
    """Makes the arrays of one value."""

    def __init__(self, making: Making, value: MakeValue) -> None:
        self._making = making
        self._value = value

    def make(self, node: SchemaNode, attempt: int, path: Path, circle: Circle) -> Json:
        """An array of the node; raises NoValue and WorkLimitExceeded."""
        counts = [count for _, count in node.contains]
        least = max(node.min_items, *counts, 0)
        if max(least, sum(counts)) > LONGEST_LIST:
            raise WorkLimitExceeded
        likely = max(least, sum(counts), 1, *(len(prefix) for prefix in node.prefixes))
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
        different = _DifferentItems(self._making, self._value) if node.is_unique else None
        contained = self._contained(node, length)
        for index in range(length):
            schemas = [*node.schemas_at(index), *contained.get(index, ())]
            try:
                place = (*path, index)
                items.append(
                    different.item(schemas, place, circle) if different else self._value(schemas, place, circle)
                )
            except NoValue:
                if len(items) < least:
                    raise
                break
        return items

    def _contained(self, node: SchemaNode, length: int) -> Mapping[int, Sequence[Json]]:
        """The schemas of `contains` by the index of an item: a possible one each, past the prefix if there is one."""
        found: dict[int, list[Json]] = {}
        past = max((len(prefix) for prefix in node.prefixes), default=0)
        places = [*range(past, length), *reversed(range(min(past, length)))]
        for schema, count in node.contains:
            possible = [index for index in places if self._may_be(node, index, found.get(index, ()), schema)]
            for index in sorted(possible, key=found.__contains__)[:count]:
                found.setdefault(index, []).append(schema)
        return found

    def _may_be(self, node: SchemaNode, index: int, contained: Sequence[Json], schema: Json) -> bool:
        item = SchemaNode(self._making.context)
        for each in (*node.schemas_at(index), *contained):
            absorb(item, each)
        return is_possible(item, schema)


class _DifferentItems:
    """Makes the items of one array, each different from those before."""

    def __init__(self, making: Making, value: MakeValue) -> None:
        self._making = making
        self._value = value
        self._known: set[Any] = set()
        self._failures: Counter[Path] = Counter()
        """The attempts in a row that have no value at a place: of several branches, one may still have more."""
        self._variations: Iterator[Mapping[Path, int]] | None = None

    def item(self, schemas: Sequence[Json], path: Path, circle: Circle) -> Json:
        """A new item; raises NoValue and WorkLimitExceeded."""
        if self._variations is None:
            item = self._value(schemas, path, circle)
            if self._is_new(item):
                return item
            places = sorted((each for each in self._making.visited if each[: len(path)] == path != each), key=_by_depth)
            self._variations = self._varied([each[len(path) :] for each in places[:MAX_VARIED_PLACES]] or [()])
        for variation in self._variations:
            try:
                item = self._of(variation, schemas, path, circle)
            except NoValue:
                self._count_failure(variation)
                continue
            for place in variation:
                self._failures.pop(place, None)
            if self._is_new(item):
                return item
        raise NoValue(path)

    def _count_failure(self, variation: Mapping[Path, int]) -> None:
        if len(variation) == 1:
            self._failures.update(variation.keys())

    def _varied(self, places: Sequence[Path]) -> Iterator[Mapping[Path, int]]:
        """The further attempts at inner places: at one place, then at some places together."""
        for attempt in range(1, LONGEST_LIST):
            left = [place for place in places if self._failures[place] < MAX_FAILURES]
            if not left:
                break
            yield from ({place: attempt} for place in left)
        for attempts in product(range(MAX_COMBINED_ATTEMPTS), repeat=min(len(places), MAX_COMBINED_PLACES)):
            yield {place: attempt for place, attempt in zip(places, attempts, strict=False) if attempt}

    def _of(self, variation: Mapping[Path, int], schemas: Sequence[Json], path: Path, circle: Circle) -> Json:
        attempts = self._making.state.attempts
        planned = dict(attempts)
        for inner, further in variation.items():
            place = (*path, *inner)
            attempts[place] = attempts.get(place, 0) + further
        try:
            return self._value(schemas, path, circle)
        finally:
            attempts.clear()
            attempts.update(planned)

    def _is_new(self, item: Json) -> bool:
        key = _key_of(item)
        is_new = key not in self._known
        self._known.add(key)
        return is_new


def _by_depth(place: Path) -> tuple[int, str]:
    return len(place), repr(place)


def _key_of(value: Json) -> Any:
    """A key that is equal for equal values of JSON Schema: 1 equals 1.0, and true does not equal 1."""
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, list):
        return tuple(map(_key_of, value))
    if isinstance(value, dict):
        return frozenset((name, _key_of(each)) for name, each in value.items())
    return value
