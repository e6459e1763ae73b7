"""One place of a value, and all that the schemas which apply there ask of it.

Rule 1: what several schemas ask (a `$ref`, its siblings, each of an `allOf`) is gathered here as one.
Rule 2: what leaves a choice (`oneOf`, `anyOf`, `if`) is kept as a choice; whoever makes the value settles it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, NamedTuple

from mockserver.contract.mocking.sample.number import Bounds, exact
from mockserver.contract.mocking.sample.text import Form
from mockserver.contract.pointer import resolved
from mockserver.contract.schema.translation import is_marked, is_openapi_30
from mockserver.contract.strict_json import Json

TYPES: Final = ("string", "integer", "number", "object", "array", "boolean", "null")
"""In the order in which they are taken where a schema says nothing of its type."""

_HINTS: Final = (
    (
        "object",
        ("properties", "required", "additionalProperties", "patternProperties", "minProperties", "propertyNames"),
    ),
    ("array", ("items", "prefixItems", "minItems", "contains", "uniqueItems")),
    ("string", ("pattern", "minLength", "maxLength", "format")),
    ("number", ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")),
)
_INTEGER_RANGES: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
LONGEST_WAY: Final = 5_000
"""References and parts of `allOf` that may lead to one place; beyond lies a document made to be endless."""


class Choice(NamedTuple):
    """One of these applies; `tag` is the member that tells which, by name, and `names` what it then says."""

    branches: Sequence[Json]
    tag: str | None = None
    names: Sequence[str] = ()


class Closed(NamedTuple):
    """Members beside the named ones must be as `schema` says."""

    names: frozenset[str]
    patterns: tuple[str, ...]
    schema: Json


@dataclass
class Context:
    """What schemas are read with: the document, its dialect, and the keyword that keeps a member out."""

    document: Mapping[str, Any]
    forbidden: str = "writeOnly"

    def __post_init__(self) -> None:
        self.is_30 = is_openapi_30(self.document)


@dataclass
class Node:
    """What is asked of the value at one place."""

    context: Context
    types: set[str] = field(default_factory=lambda: set(TYPES))
    hints: list[str] = field(default_factory=list)
    offers: list[Json] = field(default_factory=list)
    options: list[Sequence[Json]] = field(default_factory=list)
    bounds: Bounds = field(default_factory=Bounds)
    form: Form = field(default_factory=Form)
    min_items: int = 0
    max_items: int | None = None
    is_unique: bool = False
    prefixes: list[Sequence[Json]] = field(default_factory=list)
    items: list[Json] = field(default_factory=list)
    contains: list[tuple[Json, int]] = field(default_factory=list)
    properties: dict[str, list[Json]] = field(default_factory=dict)
    required: dict[str, None] = field(default_factory=dict)
    patterns: list[tuple[str, Json]] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    names: list[Json] = field(default_factory=list)
    min_members: int = 0
    max_members: int | None = None
    needed_with: dict[str, list[str]] = field(default_factory=dict)
    schemas_with: dict[str, list[Json]] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)
    """Branches of settled choices that were not taken: of a `oneOf` none of them may apply."""
    refs: dict[str, None] = field(default_factory=dict)
    tags: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    told: dict[str, Json] = field(default_factory=dict)
    is_impossible: bool = False
    _steps: int = 0

    def absorb(self, schema: Json) -> None:
        """Ask what this schema asks, too; how long the way through references is, it is walked without recursion."""
        pending = [schema]
        while pending:
            self._steps += 1
            if self._steps > LONGEST_WAY:
                self.is_impossible = True
                return
            each = pending.pop()
            if isinstance(each, dict):
                pending.extend(reversed(self._asked_by(each)))
            else:
                self.is_impossible = self.is_impossible or each is False

    def _asked_by(self, schema: Mapping[str, Any]) -> list[Json]:
        """Take a schema's own keywords; the schemas it refers to are left to be asked."""
        if schema.get(self.context.forbidden) is True:
            self.is_impossible = True
        ref = schema.get("$ref")
        if not (isinstance(ref, str) and self.context.is_30):
            self._keywords(schema)
        further = _list(schema, "allOf") if not (isinstance(ref, str) and self.context.is_30) else []
        if isinstance(ref, str) and ref not in self.refs:
            self.refs[ref] = None
            try:
                return [resolved(self.context.document, ref), *further]
            except LookupError:
                self.is_impossible = True
        return further

    def _keywords(self, schema: Mapping[str, Any]) -> None:
        self._values(schema)
        self._kinds(schema)
        self._number(schema)
        self._text(schema)
        self._array(schema)
        self._object(schema)
        self._discriminator(schema)
        self._choices(schema)

    def _values(self, schema: Mapping[str, Any]) -> None:
        if "example" in schema:
            self.offers.append(schema["example"])
        self.offers.extend(_list(schema, "examples"))
        if "default" in schema:
            self.offers.append(schema["default"])
        if "const" in schema and not self.context.is_30:
            self.options.append([schema["const"]])
        if isinstance(schema.get("enum"), list):
            self.options.append(schema["enum"])

    def _kinds(self, schema: Mapping[str, Any]) -> None:
        kinds = schema.get("type")
        if kinds is None:
            self.hints.extend(kind for kind, words in _HINTS if any(word in schema for word in words))
            return
        allowed = set(kinds if isinstance(kinds, list) else [kinds])
        if schema.get("nullable") is True and self.context.is_30:
            allowed.add("null")
        if "number" in allowed:
            allowed.add("integer")
        self.types &= allowed

    def _number(self, schema: Mapping[str, Any]) -> None:
        low, high = _number(schema, "minimum"), _number(schema, "maximum")
        if low is not None:
            self.bounds.at_least(low, is_open=schema.get("exclusiveMinimum") is True)
        if high is not None:
            self.bounds.at_most(high, is_open=schema.get("exclusiveMaximum") is True)
        if (above := _number(schema, "exclusiveMinimum")) is not None:
            self.bounds.at_least(above, is_open=True)
        if (below := _number(schema, "exclusiveMaximum")) is not None:
            self.bounds.at_most(below, is_open=True)
        if (step := _number(schema, "multipleOf")) is not None:
            self.bounds.steps.append(step)

    def _text(self, schema: Mapping[str, Any]) -> None:
        form = self.form
        form.least = max(form.least, _size(schema, "minLength") or 0)
        form.most = _smaller(form.most, _size(schema, "maxLength"))
        if isinstance(schema.get("pattern"), str):
            form.patterns.append(schema["pattern"])
        if isinstance(schema.get("format"), str):
            form.formats.append(schema["format"])
            if "string" not in self.types:
                self.bounds.range = _INTEGER_RANGES.get(schema["format"], self.bounds.range)
        if isinstance(schema.get("contentEncoding"), str):
            form.encodings.append(schema["contentEncoding"])

    def _array(self, schema: Mapping[str, Any]) -> None:
        self.min_items = max(self.min_items, _size(schema, "minItems") or 0)
        self.max_items = _smaller(self.max_items, _size(schema, "maxItems"))
        self.is_unique = self.is_unique or schema.get("uniqueItems") is True
        prefix = [] if self.context.is_30 else _list(schema, "prefixItems")
        items = schema.get("items", True)
        if prefix or items is not True:
            # each place is asked for by the prefix or, past its end, by the items of the same schema
            self.prefixes.append(prefix)
            self.items.append(items)
        if "contains" in schema and not self.context.is_30:
            least = _size(schema, "minContains")
            self.contains.append((schema["contains"], 1 if least is None else least))

    def _object(self, schema: Mapping[str, Any]) -> None:
        properties = _mapping(schema, "properties")
        for name, each in properties.items():
            self.properties.setdefault(name, []).append(each)
        self.required.update(
            dict.fromkeys(
                name
                for name in _list(schema, "required")
                if isinstance(name, str)
                and not is_marked(properties.get(name), self.context.forbidden, self.context.document)
            )
        )
        patterns = _mapping(schema, "patternProperties")
        self.patterns.extend(patterns.items())
        if (further := schema.get("additionalProperties", True)) is not True:
            self.closed.append(Closed(frozenset(properties), tuple(patterns), further))
        self.min_members = max(self.min_members, _size(schema, "minProperties") or 0)
        self.max_members = _smaller(self.max_members, _size(schema, "maxProperties"))
        if "propertyNames" in schema:
            self.names.append(schema["propertyNames"])
        for name, needed in _mapping(schema, "dependentRequired").items():
            self.needed_with.setdefault(name, []).extend(needed)
        for name, each in _mapping(schema, "dependentSchemas").items():
            self.schemas_with.setdefault(name, []).append(each)

    def _discriminator(self, schema: Mapping[str, Any]) -> None:
        told = _mapping(schema, "discriminator")
        if isinstance(told.get("propertyName"), str):
            self.tags.append((told["propertyName"], {str(k): str(v) for k, v in _mapping(told, "mapping").items()}))

    def _choices(self, schema: Mapping[str, Any]) -> None:
        for word in ("oneOf", "anyOf"):
            if branches := _list(schema, word):
                told = _mapping(schema, "discriminator")
                tag = told.get("propertyName")
                names = [_name_of(branch, _mapping(told, "mapping")) for branch in branches]
                self.choices.append(Choice(branches, tag if isinstance(tag, str) else None, names))
        if "if" in schema and not self.context.is_30:
            then, otherwise = schema.get("then", {}), schema.get("else", {})
            self.choices.append(Choice([{"allOf": [schema["if"], then]}, otherwise, then]))

    def tell(self) -> None:
        """Say the names that discriminators ask for, of the schema that was named first on the way here."""
        first = next(iter(self.refs), None)
        for tag, mapping in self.tags:
            if first is not None:
                self.told.setdefault(tag, _name_of({"$ref": first}, mapping))

    def kinds(self) -> list[str]:
        """The types that are left, the most likely one first."""
        found = [kind for kind in self.hints if kind in self.types]
        found += [kind for kind in TYPES if kind in self.types and kind not in found]
        return [kind for kind in found if not (kind == "integer" and "number" in self.types and "number" in found)]

    def schemas_of(self, name: str) -> list[Json]:
        """All that is asked of a member, by its name."""
        asked = list(self.properties.get(name, ()))
        asked += [schema for pattern, schema in self.patterns if _matches(pattern, name)]
        for names, patterns, schema in self.closed:
            if name not in names and not any(_matches(pattern, name) for pattern in patterns):
                asked.append(schema)
        return asked

    def schemas_at(self, index: int) -> list[Json]:
        """All that is asked of an item, by its place."""
        asked = []
        for prefix, items in zip(self.prefixes, self.items, strict=True):
            asked.append(prefix[index] if index < len(prefix) else items)
        return asked

    def constants(self) -> Sequence[Json]:
        """The values of `enum` and `const`; of several lists, what all have."""
        if len(self.options) == 1:
            return self.options[0]
        ordered = sorted(self.options, key=len)
        return [each for each in ordered[0] if all(_among(each, other) for other in ordered[1:])]


def _among(value: Json, options: Sequence[Json]) -> bool:
    return any(type(value) is type(other) and value == other for other in options)


def _name_of(branch: Json, mapping: Mapping[str, Any]) -> str:
    ref = branch.get("$ref") if isinstance(branch, dict) else None
    if not isinstance(ref, str):
        return ""
    last = ref.rpartition("/")[2]
    return next((str(name) for name, target in mapping.items() if target in (ref, last)), last)


def _matches(pattern: str, name: str) -> bool:
    return Form(patterns=[pattern]).fits(name)


def _list(schema: Mapping[str, Any], word: str) -> list[Any]:
    found = schema.get(word)
    return found if isinstance(found, list) else []


def _mapping(schema: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    found = schema.get(word)
    return found if isinstance(found, dict) else {}


def _size(schema: Mapping[str, Any], word: str) -> int | None:
    found = schema.get(word)
    return int(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _smaller(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _number(schema: Mapping[str, Any], word: str) -> Fraction | None:
    found = schema.get(word)
    return exact(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
