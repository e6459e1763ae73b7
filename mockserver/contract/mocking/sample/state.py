"""The state of one attempt to make a value, and the reasons for its failure."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mockserver.contract.mocking.sample.schema_node import SchemaContext
from mockserver.contract.pointer import resolve_ref
from mockserver.contract.strict_json import Json

Path: TypeAlias = tuple[str | int, ...]
Circle: TypeAlias = Mapping[str, int]
"""The references on the path to a place, each with its number of occurrences."""
MakeValue: TypeAlias = Callable[[Sequence[Json], Path, Circle], Json]
"""Makes a value that all of the schemas accept."""


class NoValue(Exception):
    """A place has no value, or no further one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)


class WorkLimitExceeded(Exception):
    """The value would be larger than allowed."""


@dataclass
class SearchState:
    """The choices for the next value: the attempt at each place, and the members to add or to leave out."""

    attempts: dict[Path, int] = field(default_factory=dict)
    wanted: dict[Path, dict[str, None]] = field(default_factory=dict)
    unwanted: dict[Path, set[str]] = field(default_factory=dict)
    optional_depth: int = 6


@dataclass
class Making:
    """One value in the making; `visited` are its places."""

    context: SchemaContext
    state: SearchState
    rng: random.Random | None
    visited: set[Path] = field(default_factory=set)

    def is_deep(self, path: Path) -> bool:
        """The place is too deep for optional members."""
        return len(path) > self.state.optional_depth

    def closes_circle(self, schemas: Sequence[Json], circle: Circle) -> bool:
        """A schema leads back to one that is open already."""
        document = self.context.document
        return bool(circle) and any(_leads_back(schema, circle, document) for schema in schemas)


def _leads_back(schema: Json, circle: Mapping[str, int], document: Mapping[str, Any], depth: int = 5) -> bool:
    """Every value of the schema contains a value of an open schema."""
    if not isinstance(schema, dict) or depth == 0:
        return False
    ref = schema.get("$ref")
    if isinstance(ref, str):
        if circle.get(ref, 0) > 0:
            return True
        try:
            return _leads_back(resolve_ref(document, ref), circle, document, depth - 1)
        except LookupError:
            return False
    properties, required = schema.get("properties"), schema.get("required")
    needed: list[Json] = []
    if isinstance(properties, dict) and isinstance(required, list):
        needed += [properties[name] for name in required if isinstance(name, str) and name in properties]
    if schema.get("minItems") and "items" in schema:
        needed.append(schema["items"])
    needed += schema["allOf"] if isinstance(schema.get("allOf"), list) else []
    return any(_leads_back(each, circle, document, depth - 1) for each in needed)
