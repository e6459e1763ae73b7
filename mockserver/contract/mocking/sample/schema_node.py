"""A node: one place of a value, with the constraints of all schemas that apply there.

Rule 1: the constraints of several schemas (a `$ref`, the keywords beside it, each of an `allOf`) are merged.
Rule 2: a choice (`oneOf`, `anyOf`, `if`) remains a choice; the maker of the value settles it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from mockserver.contract.mocking.sample.number import NumberBounds
from mockserver.contract.mocking.sample.text import TextConstraints
from mockserver.contract.schema.translation import is_openapi_30
from mockserver.contract.strict_json import Json

TYPES: Final = ("string", "integer", "number", "object", "array", "boolean", "null")
"""The types, in the order of preference for a schema without a type."""
_NAMES: Final[Mapping[type, str]] = {
    **{str: "string", int: "integer", dict: "object", list: "array", bool: "boolean", type(None): "null"}
}


class BranchChoice(NamedTuple):
    """Schemas of which one applies. `tag` is the discriminating member, and `names` are its values."""

    branches: Sequence[Json]
    tag: str | None = None
    names: Sequence[str] = ()


class ClosedMembers(NamedTuple):
    """The schema of the members without a name or pattern of their own (additionalProperties)."""

    names: frozenset[str]
    patterns: tuple[str, ...]
    schema: Json


@dataclass
class SchemaContext:
    """The context of schemas: the document, its dialect, and the keyword that forbids a member."""

    document: Mapping[str, Any]
    forbidden: str = "writeOnly"

    def __post_init__(self) -> None:
        self.is_30 = is_openapi_30(self.document)
        # an entry keeps its options alive, so that no other list gets their id
        self._of_types: dict[tuple[int, frozenset[str]], tuple[Sequence[Json], Sequence[Json]]] = {}

    def of_types(self, options: Sequence[Json], types: Set[str]) -> Sequence[Json]:
        """The values of an `enum` of the document that have one of the types. A huge one is searched once."""
        if len(types) == len(TYPES):
            return options
        key = (id(options), frozenset(types))
        if key not in self._of_types:
            fitting = [each for each in options if _has_type(each, types)]
            self._of_types[key] = (options, fitting)
        return self._of_types[key][1]


@dataclass
class SchemaNode:
    """The constraints on the value at one place."""

    context: SchemaContext
    types: set[str] = field(default_factory=lambda: set(TYPES))
    hints: list[str] = field(default_factory=list)
    offers: list[Json] = field(default_factory=list)
    options: list[Sequence[Json]] = field(default_factory=list)
    excluded: list[Json] = field(default_factory=list)
    """The values that a `not` excludes."""
    numbers: NumberBounds = field(default_factory=NumberBounds)
    text: TextConstraints = field(default_factory=TextConstraints)
    json_inside: list[Json] = field(default_factory=list)
    """The schemas of the value whose JSON the text is."""
    min_items: int = 0
    max_items: int | None = None
    is_unique: bool = False
    prefixes: list[Sequence[Json]] = field(default_factory=list)
    items: list[Json] = field(default_factory=list)
    contains: list[tuple[Json, int]] = field(default_factory=list)
    properties: dict[str, list[Json]] = field(default_factory=dict)
    required: dict[str, None] = field(default_factory=dict)
    patterns: list[tuple[str, Json]] = field(default_factory=list)
    closed: list[ClosedMembers] = field(default_factory=list)
    unevaluated: list[Json] = field(default_factory=list)
    """The schemas of members that nothing else describes."""
    names: list[Json] = field(default_factory=list)
    min_members: int = 0
    max_members: int | None = None
    needed_with: dict[str, list[str]] = field(default_factory=dict)
    schemas_with: dict[str, list[Json]] = field(default_factory=dict)
    choices: list[BranchChoice] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)
    """The other branches of settled choices. Of a `oneOf`, none of them may apply."""
    refs: dict[str, None] = field(default_factory=dict)
    tags: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    tag_values: dict[str, Json] = field(default_factory=dict)
    is_impossible: bool = False
    steps: int = 0
    """The schemas that were absorbed, references included."""

    def assign_tags(self) -> None:
        """Set the discriminators to the name of the schema that was referred to first."""
        first = next(iter(self.refs), None)
        for tag, mapping in self.tags:
            if first is not None:
                self.tag_values.setdefault(tag, schema_name({"$ref": first}, mapping))

    def kinds(self) -> list[str]:
        """The remaining types, the most likely one first."""
        found = [kind for kind in self.hints if kind in self.types]
        found += [kind for kind in TYPES if kind in self.types and kind not in found]
        return [kind for kind in found if not (kind == "integer" and "number" in self.types and "number" in found)]

    def schemas_of(self, name: str) -> list[Json]:
        """The schemas of a member, by its name."""
        schemas = list(self.properties.get(name, ()))
        schemas += [schema for pattern, schema in self.patterns if _matches(pattern, name)]
        for names, patterns, schema in self.closed:
            if name not in names and not any(_matches(pattern, name) for pattern in patterns):
                schemas.append(schema)
        return schemas or list(self.unevaluated)

    def schemas_at(self, index: int) -> list[Json]:
        """The schemas of an item, by its index."""
        schemas = []
        for prefix, items in zip(self.prefixes, self.items, strict=True):
            schemas.append(prefix[index] if index < len(prefix) else items)
        return schemas

    def constants(self) -> Sequence[Json]:
        """The values of `enum` and `const`; of several lists, the values that all contain."""
        ordered = sorted((self.context.of_types(options, self.types) for options in self.options), key=len)
        if len(ordered) == 1 and not self.excluded:
            return ordered[0]
        common = [each for each in ordered[0] if all(_among(each, other) for other in ordered[1:])]
        return [each for each in common if self.allows(each)]

    def allows(self, value: Json) -> bool:
        """The value has one of the types, and no `not` excludes it."""
        return _has_type(value, self.types) and not _among(value, self.excluded)


def _has_type(value: Json, types: Set[str]) -> bool:
    if isinstance(value, float):
        return "number" in types or ("integer" in types and value.is_integer())
    return _NAMES[type(value)] in types


def _among(value: Json, options: Sequence[Json]) -> bool:
    return any(type(value) is type(other) and value == other for other in options)


def schema_name(branch: Json, mapping: Mapping[str, Any]) -> str:
    """The name of a referenced schema, by a discriminator's mapping."""
    ref = branch.get("$ref") if isinstance(branch, dict) else None
    if not isinstance(ref, str):
        return ""
    last = ref.rpartition("/")[2]
    return next((str(name) for name, target in mapping.items() if target in (ref, last)), last)


def _matches(pattern: str, name: str) -> bool:
    return TextConstraints(patterns=[pattern]).allow(name)
