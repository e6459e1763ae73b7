"""Members of a body that the schema does not know, but whose names are close to one that it knows.

Rule: a body without unknown members costs one comparison of sets for each object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, Final

from mockserver.contract.pointer import pointer_of
from mockserver.contract.schema.members import Members
from mockserver.contract.schema.structure import items_of, read_types_of
from mockserver.contract.schema.violation import Path
from mockserver.contract.strict_json import Json

MAX_NOTES: Final = 10
MAX_UNKNOWN: Final = 50
MAX_LENGTH: Final = 60


class KnownMembers:
    """The names that a schema knows, and those of the objects in its members."""

    def __init__(self, schema: Json, document: Mapping[str, Any]) -> None:
        self._schema = schema
        self._document = document
        self._below: dict[str, KnownMembers] = {}

    @cached_property
    def _members(self) -> Members:
        return Members(self._schema, self._document)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self._members.properties)

    @cached_property
    def _composite(self) -> tuple[str, ...]:
        """The members that are objects or lists of them."""
        return tuple(name for name, schema in self._members.properties.items() if self._object_in(schema) is not None)

    def _object_in(self, schema: Json) -> Json | None:
        types = read_types_of(schema, self._document) - {"null"}
        if types == {"array"}:
            schema = items_of(schema, self._document)
            types = read_types_of(schema, self._document) - {"null"}
        return schema if types == {"object"} else None

    def notes(self, value: Any) -> tuple[str, ...]:
        """A sentence for each unknown member that is close to a known one."""
        if not isinstance(value, dict) or (value.keys() <= self._names and not self._composite):
            return ()
        return tuple(islice(self._notes(value, ()), MAX_NOTES))

    def _notes(self, value: dict[str, Any], path: Path) -> Iterator[str]:
        unknown = value.keys() - self._names if self._names else ()
        for name in islice((each for each in value if each in unknown), MAX_UNKNOWN) if unknown else ():
            if self._members.schema_of(name) == {} and (known := _closest(name, self._names)) is not None:
                yield f"{pointer_of((*path, name))} is not known; {known}?"
        for name in self._composite:
            for place, each in _objects(value.get(name), (*path, name)):
                yield from self._known_in(name)._notes(each, place)

    def _known_in(self, name: str) -> KnownMembers:
        if (known := self._below.get(name)) is None:
            schema = self._object_in(self._members.properties[name])
            known = self._below[name] = KnownMembers(schema, self._document)
        return known


def _objects(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The value if it is an object, or the objects in a list."""
    items = enumerate(value[:MAX_UNKNOWN]) if isinstance(value, list) else ()
    places = [((*path, index), each) for index, each in items] or [(path, value)]
    return ((place, each) for place, each in places if isinstance(each, dict))


def _closest(name: str, names: frozenset[str]) -> str | None:
    """The known name that is one or two letters away; one letter if it is short."""
    return None if len(name) > MAX_LENGTH else _closest_of_short(name, names)


# A client sends the same few names again and again.
@lru_cache(maxsize=1024)
def _closest_of_short(name: str, names: frozenset[str]) -> str | None:
    near = [
        (distance, known) for known in names if (distance := _distance(name, known)) <= (2 if len(known) > 5 else 1)
    ]
    return min(near)[1] if near and len(name) > 1 else None


def _distance(one: str, other: str) -> int:
    """The number of letters to add, drop, replace or swap; 3 if the lengths differ by more than 2."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        above, before = before, row
        row = [place]
        for column, wanted in enumerate(other, 1):
            least = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != wanted))
            if above and column > 1 and letter == other[column - 2] and one[place - 2] == wanted:
                least = min(least, above[column - 2] + 1)
            row.append(least)
    return row[-1]
