"""Nodes of a schema: a node has the constraints of a place, and the nodes of the places inside of it.

Rule 1: of alternatives those count that accept the value. If none does, the broken constraints of each count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from mockserver.contract import Json
from mockserver.contract.schema.pattern import matches
from mockserver.coverage.schema.constraint import Constraint

MOST_ITEMS: Final = 1_000
"""The items of a list that are looked at."""


class NodePart(Protocol):
    """A part of a schema with constraints of its own."""

    def add_hits(self, value: Json, hits: set[int], *, valid: bool, invalid: bool) -> None:
        """Add the goals that the value reaches."""


class KeywordNode:
    """The constraints and parts of one schema. `takes_null` means that null keeps all of them."""

    def __init__(self, *, takes_null: bool = False) -> None:
        self.constraints: list[Constraint] = []
        self.parts: list[NodePart] = []
        self._takes_null = takes_null

    def add_hits(self, value: Json, hits: set[int], *, valid: bool = True, invalid: bool = True) -> None:
        """Add the goals that the value reaches, those of valid values or of invalid ones, or both."""
        if value is None and self._takes_null:
            return
        for constraint in self.constraints:
            constraint.add_hits(value, hits, valid=valid, invalid=invalid)
        for part in self.parts:
            part.add_hits(value, hits, valid=valid, invalid=invalid)


class MemberPart(NamedTuple):
    """The values of an object's members with one name."""

    name: str
    node: KeywordNode

    def add_hits(self, value: Json, hits: set[int], *, valid: bool, invalid: bool) -> None:
        """See NodePart."""
        if isinstance(value, dict) and self.name in value:
            self.node.add_hits(value[self.name], hits, valid=valid, invalid=invalid)


class MembersPart(NamedTuple):
    """The values of the members whose name passes."""

    takes: Callable[[str], bool]
    node: KeywordNode

    def add_hits(self, value: Json, hits: set[int], *, valid: bool, invalid: bool) -> None:
        """See NodePart."""
        for name, member in value.items() if isinstance(value, dict) else ():
            if self.takes(name):
                self.node.add_hits(member, hits, valid=valid, invalid=invalid)


class ItemsPart(NamedTuple):
    """The items of a list from `start` until `end`."""

    start: int
    end: int | None
    node: KeywordNode

    def add_hits(self, value: Json, hits: set[int], *, valid: bool, invalid: bool) -> None:
        """See NodePart."""
        for item in value[self.start : self.end][:MOST_ITEMS] if isinstance(value, list) else ():
            self.node.add_hits(item, hits, valid=valid, invalid=invalid)


class Alternative(NamedTuple):
    """An alternative: its predicate, the goal of the values that it accepts, and its node."""

    accepts: Callable[[Json], bool]
    taken: int
    node: KeywordNode


class ChoicePart(NamedTuple):
    """The alternatives of an anyOf or oneOf, and of a condition."""

    alternatives: Sequence[Alternative]

    def add_hits(self, value: Json, hits: set[int], *, valid: bool, invalid: bool) -> None:
        """See NodePart."""
        taken = [each for each in self.alternatives if each.accepts(value)]
        for each in taken:
            if valid:
                hits.add(each.taken)
            each.node.add_hits(value, hits, valid=valid, invalid=invalid)
        for each in () if taken or not invalid else self.alternatives:
            each.node.add_hits(value, hits, valid=False, invalid=True)


class ConditionPart(NamedTuple):
    """The schemas behind an `if`: for the values that meet the condition, and for the others."""

    meets: Callable[[Json], bool]
    then: KeywordNode
    otherwise: KeywordNode

    def add_hits(self, value: Json, hits: set[int], *, valid: bool, invalid: bool) -> None:
        """See NodePart."""
        node = self.then if self.meets(value) else self.otherwise
        node.add_hits(value, hits, valid=valid, invalid=invalid)


def name_test(names: frozenset[str], patterns: Sequence[str]) -> Callable[[str], bool]:
    """The predicate of members that the schema names neither by itself nor by a pattern."""
    return lambda name: name not in names and not any(matches(pattern, name) for pattern in patterns)
