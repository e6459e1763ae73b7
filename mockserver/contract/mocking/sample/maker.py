"""Makes one value of a schema, place by place; which of the possible ones, the attempts at each place say.

Rule 1: what a schema offers comes before what is made up: example, default, constant, first branch, plainest value.
Rule 2: optional members are left out below a depth, where a circle closes, and where none is possible.
Rule 3: the work is bounded; a value that would be endless raises.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from mockserver.contract.mocking.sample.number import numbers
from mockserver.contract.mocking.sample.schema_node import Choice, Context, Node
from mockserver.contract.mocking.sample.text import forms
from mockserver.contract.pointer import resolved
from mockserver.contract.strict_json import Json

Path = tuple[str | int, ...]

DEEPEST: Final = 60
"""What lies deeper is refused by readers, our own among them."""
MOST_CHOICES: Final = 40
LONGEST_LIST: Final = 10_000
MEMBER_ODDS: Final = 0.8
_PLAIN: Final[Mapping[str, Json]] = {"string": "text", "integer": 1, "boolean": True}
MOST_EXTRA: Final = 10_000
"""Members without a name of their own that an object may be asked to have."""


class Impossible(Exception):
    """There is no value at a place, or no further one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path)


class TooMuch(Exception):
    """The value would be larger than its maker may make it."""


@dataclass
class Plan:
    """Which value is to be made: the attempt at each place, and the members that turned out to be needed or wrong."""

    attempts: dict[Path, int] = field(default_factory=dict)
    wanted: dict[Path, dict[str, None]] = field(default_factory=dict)
    unwanted: dict[Path, set[str]] = field(default_factory=dict)
    optional_depth: int = 6


class Maker:
    """Makes one value; `visited` are the places whose values it chose, `work` how many there were."""

    def __init__(self, context: Context, plan: Plan, *, most_work: int, dice: random.Random | None = None) -> None:
        self.visited: set[Path] = set()
        self.branches: dict[Path, list[int]] = {}
        self.work = 0
        self._context = context
        self._plan = plan
        self._dice = dice
        self._most_work = most_work

    def value(self, schemas: Sequence[Json], path: Path = (), circle: Mapping[str, int] | None = None) -> Json:
        """A value that each of the schemas was asked for; raises Impossible and TooMuch."""
        self.work += 1
        if self.work > self._most_work or len(path) > DEEPEST:
            raise TooMuch
        self.visited.add(path)
        node = Node(self._context)
        for schema in schemas:
            node.absorb(schema)
        attempt = self._plan.attempts.get(path, 0)
        circle = circle or {}
        taken = 0
        while True:
            if node.is_impossible or not node.types:
                raise Impossible(path)
            node.tell()
            offered = self._offered(node)
            if attempt < len(offered) - taken:
                return offered[taken + attempt]
            attempt -= max(len(offered) - taken, 0)
            taken = len(offered)
            if not node.choices:
                break
            attempt = self._settle(node, node.choices.pop(0), attempt, path, circle)
        if node.options:
            raise Impossible(path)
        circle = {**circle, **{ref: circle.get(ref, 0) + 1 for ref in node.refs}}
        return self._made_up(node, attempt, path, circle)

    def _offered(self, node: Node) -> Sequence[Json]:
        """What is there without being made up. Of a huge enum no copy is made."""
        if node.options:
            constants = node.constants()
            if self._dice is not None and constants:
                return [self._dice.choice(constants), *constants[:100]]
            if not node.offers:
                return constants
            return [*node.offers, *constants]
        return [] if self._dice is not None else node.offers

    def _settle(self, node: Node, choice: Choice, attempt: int, path: Path, circle: Mapping[str, int]) -> int:
        """Take a branch; what is left of the attempt is for what comes next."""
        settled = self.branches.setdefault(path, [])
        if len(settled) > MOST_CHOICES:
            raise Impossible(path)
        count = len(choice.branches)
        index = self._dice.randrange(count) if self._dice is not None and attempt == 0 else attempt % count
        # a circle is left where another branch leads out of it
        order = [(index + step) % count for step in range(count)]
        index = next((each for each in order if not self._closes([choice.branches[each]], circle)), index)
        settled.append(index)
        branch = choice.branches[index]
        if choice.tag is not None and index < len(choice.names) and choice.names[index]:
            node.told[choice.tag] = choice.names[index]
        node.others.extend(other for other in choice.branches if other is not branch)
        node.absorb(branch)
        return attempt // count

    def _made_up(self, node: Node, attempt: int, path: Path, circle: Mapping[str, int]) -> Json:
        kinds = node.kinds()
        if self._dice is not None and attempt == 0:
            likely = [kind for kind in kinds if kind in node.hints] or [kind for kind in kinds if kind != "null"]
            kind = self._dice.choice(likely or kinds)
        else:
            kind, attempt = kinds[attempt % len(kinds)], attempt // len(kinds)
        if kind == "object":
            return self._object(node, attempt, path, circle)
        if kind == "array":
            return self._array(node, attempt, path, circle)
        if kind == "string":
            return self._nth(forms(node.form, dice=self._dice), attempt, path)
        if kind in ("integer", "number"):
            return self._nth(numbers(node.bounds, whole=kind == "integer", dice=self._dice), attempt, path)
        constants: Sequence[Json] = [None] if kind == "null" else [True, False]
        if kind == "boolean" and self._dice is not None:
            constants = [self._dice.random() < 0.5, True, False]
        return self._nth(iter(constants), attempt, path)

    def _nth(self, values: Iterator[Any], attempt: int, path: Path) -> Json:
        for value in islice(values, attempt, attempt + 1):
            found: Json = value
            return found
        raise Impossible(path)

    def _array(self, node: Node, attempt: int, path: Path, circle: Mapping[str, int]) -> Json:
        least = node.min_items
        first = [schema for schema, count in node.contains for _ in range(count)]
        least = max(least, len(first))
        likely = max(least, 1, *(len(prefix) for prefix in node.prefixes), 1)
        if self._dice is not None:
            likely = max(least, self._dice.randrange(4))
        if self._is_deep(path) or (least == 0 and self._closes(node.schemas_at(0), circle)):
            likely = least
        lengths = [likely, least, least + 1, least + 2]
        length = lengths[attempt % len(lengths)]
        if attempt >= len(lengths):
            raise Impossible(path)
        if node.max_items is not None:
            length = min(length, node.max_items)
        if least > LONGEST_LIST:
            raise TooMuch
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
            except Impossible:
                if len(items) < least:
                    raise
                break
        return items

    def _item(
        self, node: Node, schemas: Sequence[Json], before: Sequence[Json], path: Path, circle: Mapping[str, int]
    ) -> Json:
        item = self.value(schemas, path, circle)
        if not node.is_unique or not any(_same(item, other) for other in before):
            return item
        # another one differs in something within, where there is anything within
        places = sorted((each for each in self.visited if each[: len(path)] == path != each), key=len) or [path]
        planned = dict(self._plan.attempts)
        for further in range(1, len(before) + 30):
            for place in places[:MOST_CHOICES]:
                self._plan.attempts[place] = planned.get(place, 0) + further
                try:
                    item = self.value(schemas, path, circle)
                    if not any(_same(item, other) for other in before):
                        return item
                except Impossible:
                    continue
                finally:
                    self._plan.attempts.clear()
                    self._plan.attempts.update(planned)
        raise Impossible(path)

    def _object(self, node: Node, attempt: int, path: Path, circle: Mapping[str, int]) -> Json:
        if attempt > 2:
            raise Impossible(path)
        names = self._names(node, only_required=attempt == 1, path=path, circle=circle)
        members: dict[str, Json] = {}
        unwanted = self._plan.unwanted.get(path, set())
        while names:
            name = next(iter(names))
            needed = name in node.required or name in self._plan.wanted.get(path, ())
            del names[name]
            if name in members or (name in unwanted and not needed):
                continue
            try:
                members[name] = self._member(node, name, path, circle)
            except Impossible:
                if needed:
                    raise
                continue
            # a member may ask for others, and ask more of those that are there
            for other in node.needed_with.get(name, ()):
                node.required[other] = None
                names[other] = None
            for schema in node.schemas_with.pop(name, ()):
                node.absorb(schema)
                names.update(dict.fromkeys(each for each in node.required if each not in members))
        missing = max(node.min_members - len(members), 0)
        if missing > MOST_EXTRA:
            raise TooMuch
        for extra in islice(self._extra_names(node), int(missing)):
            if extra not in members:
                members[extra] = self._member(node, extra, path, circle)
        if attempt == 2:
            members.update(self._strangers(node, members))
        if node.max_members is not None:
            for name in [name for name in reversed(members) if name not in node.required]:
                if len(members) > node.max_members:
                    del members[name]
        return members

    def _names(self, node: Node, *, only_required: bool, path: Path, circle: Mapping[str, int]) -> dict[str, None]:
        required = {**node.required, **self._plan.wanted.get(path, {})}
        if only_required or self._is_deep(path):
            return required
        names: dict[str, None] = {}
        for name, schemas in node.properties.items():
            is_drawn = self._dice is None or self._dice.random() < MEMBER_ODDS
            if name in required or (is_drawn and not self._closes(schemas, circle)):
                names[name] = None
        names.update(required)
        if not names and node.max_members != 0 and not node.properties:
            # a map is shown by one entry
            names.update(dict.fromkeys(islice(self._entry_names(node), 1)))
        return names

    def _entry_names(self, node: Node) -> Iterator[str]:
        if node.patterns or any(isinstance(each.schema, dict) for each in node.closed):
            yield from self._extra_names(node)

    def _member(self, node: Node, name: str, path: Path, circle: Mapping[str, int]) -> Json:
        schemas = node.schemas_of(name)
        if name in node.told and self._plan.attempts.get((*path, name), 0) == 0:
            constants = Node(self._context)
            for schema in schemas:
                constants.absorb(schema)
            if not constants.options or node.told[name] in constants.constants():
                self.visited.add((*path, name))
                return node.told[name]
        return self.value(schemas, (*path, name), circle)

    def _strangers(self, node: Node, members: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
        """Members that a branch which was not taken refuses, where the one that was taken does not mind them."""
        for branch in node.others:
            other = Node(self._context)
            other.absorb(branch)
            for name, schemas in other.properties.items():
                if name in members or node.schemas_of(name):
                    continue
                asked = Node(self._context)
                for schema in schemas:
                    asked.absorb(schema)
                wrong = next((_PLAIN[kind] for kind in _PLAIN if kind not in asked.types), None)
                if wrong is not None:
                    yield name, wrong
                    break

    def _extra_names(self, node: Node) -> Iterator[str]:
        """Names for members that no property names, as `propertyNames` and `patternProperties` have them."""
        asked = Node(self._context)
        for schema in node.names:
            asked.absorb(schema)
        while asked.choices:
            asked.absorb(asked.choices.pop(0).branches[0])
        if asked.is_impossible:
            return
        if asked.options:
            yield from (name for name in asked.constants() if isinstance(name, str))
            return
        only = [pattern for pattern, _ in node.patterns if any(each.schema is False for each in node.closed)]
        choice: list[str | None] = [*only] or [None]
        for pattern in choice:
            form = asked.form
            if pattern is not None:
                form = type(form)(form.least, form.most, [*form.patterns, pattern], form.formats)
            for index, name in enumerate(forms(form)):
                if index > 200:
                    break
                if name not in node.properties:
                    yield name

    def _is_deep(self, path: Path) -> bool:
        return len(path) > self._plan.optional_depth

    def _closes(self, schemas: Sequence[Json], circle: Mapping[str, int]) -> bool:
        """Whether a circle closes here: a schema that is open already would begin anew."""
        document = self._context.document
        return bool(circle) and any(_leads_back(schema, circle, document) for schema in schemas)


def _leads_back(schema: Json, circle: Mapping[str, int], document: Mapping[str, Any], depth: int = 5) -> bool:
    """Whether no value can be made of a schema without one of those that are open: the circle is closed."""
    if not isinstance(schema, dict) or depth == 0:
        return False
    ref = schema.get("$ref")
    if isinstance(ref, str):
        if circle.get(ref, 0) > 0:
            return True
        try:
            return _leads_back(resolved(document, ref), circle, document, depth - 1)
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


def _same(one: Json, other: Json) -> bool:
    """Whether JSON Schema takes the two for equal: 1 is 1.0, and true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    return one == other
