"""Makes one value of a schema, place by place. The search state says which of the possible values to make.

Rule 1: the schema's own values come first: example, default, constant, first branch. Plain values come last.
Rule 2: optional members are left out below a depth, where they close a circle, and where they have no value.
Rule 3: the work is limited; an endless value raises.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final

from mockserver.contract.mocking.json_text import dumps
from mockserver.contract.mocking.sample.arrays import ArrayMaker
from mockserver.contract.mocking.sample.contradictions import is_possible
from mockserver.contract.mocking.sample.keywords import absorb
from mockserver.contract.mocking.sample.known_values import KnownValues
from mockserver.contract.mocking.sample.number import known_numbers, numbers_within
from mockserver.contract.mocking.sample.objects import ObjectMaker
from mockserver.contract.mocking.sample.schema_node import BranchChoice, SchemaContext, SchemaNode
from mockserver.contract.mocking.sample.state import Circle, Making, NoValue, Path, SearchState, WorkLimitExceeded
from mockserver.contract.mocking.sample.text import known_texts, texts_within
from mockserver.contract.strict_json import Json

MAX_DEPTH: Final = 60
"""Readers of JSON refuse deeper values, our own among them."""
MAX_BRANCHES: Final = 40


class SampleMaker:
    """Makes one value. `visited` are its places, `branches` the chosen ones, `work` the number of places."""

    def __init__(
        self, context: SchemaContext, state: SearchState, *, max_work: int, rng: random.Random | None = None
    ) -> None:
        self.branches: dict[Path, list[int]] = {}
        self.work = 0
        self._making = Making(context, state, rng)
        self.visited = self._making.visited
        self._arrays = ArrayMaker(self._making, self.value)
        self._objects = ObjectMaker(self._making, self.value)
        self._max_work = max_work

    def value(self, schemas: Sequence[Json], path: Path = (), circle: Circle | None = None) -> Json:
        """A value for all of the schemas; raises NoValue and WorkLimitExceeded."""
        self.work += 1
        if self.work > self._max_work or len(path) > MAX_DEPTH:
            raise WorkLimitExceeded
        self._making.visited.add(path)
        node = SchemaNode(self._making.context)
        for schema in schemas:
            absorb(node, schema)
        attempt = self._making.state.attempts.get(path, 0)
        circle = circle or {}
        taken = 0
        while True:
            if node.is_impossible or not node.types:
                raise NoValue(path)
            node.assign_tags()
            offered = self._offered(node)
            if attempt < len(offered) - taken:
                return offered[taken + attempt]
            attempt -= max(len(offered) - taken, 0)
            taken = len(offered)
            if not node.choices:
                break
            attempt = self._settle(node, node.choices.pop(0), attempt, path, circle)
        if node.options:
            raise NoValue(path)
        circle = {**circle, **{ref: circle.get(ref, 0) + 1 for ref in node.refs}}
        return self._made_up(node, attempt, path, circle)

    def _offered(self, node: SchemaNode) -> Sequence[Json]:
        """The values that the schemas themselves name. A huge enum is not copied."""
        if node.options:
            constants = node.constants()
            if self._making.rng is not None and constants:
                return [self._making.rng.choice(constants), *constants[:100]]
            if not node.offers:
                return constants
            return [*filter(node.allows, node.offers), *constants]
        return [] if self._making.rng is not None else list(filter(node.allows, node.offers))

    def _settle(self, node: SchemaNode, choice: BranchChoice, attempt: int, path: Path, circle: Circle) -> int:
        """Choose a branch. The rest of the attempt is for the following choices."""
        settled = self.branches.setdefault(path, [])
        if len(settled) > MAX_BRANCHES:
            raise NoValue(path)
        count = len(choice.branches)
        index = self._making.rng.randrange(count) if self._making.rng is not None and attempt == 0 else attempt % count
        # another branch is preferred to one that closes a circle or that the node contradicts
        order = [(index + step) % count for step in range(count)]
        finite = [each for each in order if not self._making.closes_circle([choice.branches[each]], circle)]
        index = next((each for each in finite if is_possible(node, choice.branches[each])), (finite or order)[0])
        settled.append(index)
        branch = choice.branches[index]
        if choice.tag is not None and index < len(choice.names) and choice.names[index]:
            node.tag_values[choice.tag] = choice.names[index]
        node.others.extend(other for other in choice.branches if other is not branch)
        absorb(node, branch)
        return attempt // count

    def _made_up(self, node: SchemaNode, attempt: int, path: Path, circle: Circle) -> Json:
        kinds = node.kinds()
        if self._making.rng is not None and attempt == 0:
            likely = [kind for kind in kinds if kind in node.hints] or [kind for kind in kinds if kind != "null"]
            kind = self._making.rng.choice(likely or kinds)
        else:
            kind, attempt = kinds[attempt % len(kinds)], attempt // len(kinds)
        if kind == "object":
            return self._objects.make(node, attempt, path, circle)
        if kind == "array":
            return self._arrays.make(node, attempt, path, circle)
        if kind == "string":
            return self._text(node, attempt, path, circle)
        if kind in ("integer", "number"):
            return self._number(node, attempt, path, is_whole=kind == "integer")
        constants: Sequence[Json] = [None] if kind == "null" else [True, False]
        if kind == "boolean" and self._making.rng is not None:
            constants = [self._making.rng.random() < 0.5, True, False]
        return self._nth(iter(constants), attempt, path)

    def _text(self, node: SchemaNode, attempt: int, path: Path, circle: Circle) -> Json:
        if node.json_inside:
            with suppress(NoValue):
                inside = dumps(self.value(node.json_inside, (*path, ""), circle))
                if node.text.allow(inside):
                    return inside
        if self._making.rng is not None:
            return self._nth(texts_within(node.text, name=_name_at(path), rng=self._making.rng), attempt, path)
        return self._known(known_texts(node.text, _name_at(path)), node, attempt, path)

    def _number(self, node: SchemaNode, attempt: int, path: Path, *, is_whole: bool) -> Json:
        if self._making.rng is not None:
            return self._nth(numbers_within(node.numbers, whole=is_whole, rng=self._making.rng), attempt, path)
        return self._known(known_numbers(node.numbers, _name_at(path), whole=is_whole), node, attempt, path)

    def _known(self, values: KnownValues[Any], node: SchemaNode, attempt: int, path: Path) -> Json:
        if node.excluded:
            return self._nth(filter(node.allows, values), attempt, path)
        try:
            found: Json = values.nth(attempt)
        except IndexError:
            raise NoValue(path) from None
        return found

    def _nth(self, values: Iterator[Any], attempt: int, path: Path) -> Json:
        for value in islice(values, attempt, attempt + 1):
            found: Json = value
            return found
        raise NoValue(path)


def _name_at(path: Path) -> str:
    """The name of the member at the path, or of the list that it is an item of; empty at the root."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")
