"""The search for a valid value of a schema: make one, validate it, and change it where it is invalid.

Rule 1: the compiled validator accepts every result.
Rule 2: the same schema and document give the same value on every machine, since work is counted and not timed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs

from mockserver.contract.mocking.sample.maker import SampleMaker
from mockserver.contract.mocking.sample.schema_node import SchemaContext
from mockserver.contract.mocking.sample.state import NoValue, Path, SearchState, WorkLimitExceeded
from mockserver.contract.strict_json import Json

ROUNDS: Final = 60
MAX_WORK: Final = 4_000
"""The places of one value. A larger value loses its optional members from a smaller depth on."""
DEPTHS: Final = (6, 4, 3, 2, 1, 0)
WORK_OF_A_DEPTH: Final = 10_000
"""The places of all values at one depth, so that a large depth leaves the others their share."""
MAX_DRAWS: Final = 10
MAX_ATTEMPTS: Final = 40
MAX_CHOICES: Final = 8
"""How many combinations of branches are tried at a place before the place around it changes."""


class NoSample(Exception):
    """The search found no value that the schema accepts; there may be none."""


def find_value(schema: Json, context: SchemaContext, validator: jsonschema_rs.Validator) -> Json:
    """A plain value that the validator accepts, the same each time; raises NoSample."""
    for depth in DEPTHS:
        try:
            return _Search(schema, context, validator, SearchState(optional_depth=depth), WORK_OF_A_DEPTH).result()
        except (WorkLimitExceeded, NoSample):
            continue
    raise NoSample


def draw_value(schema: Json, context: SchemaContext, validator: jsonschema_rs.Validator, rng: random.Random) -> Json:
    """A random value that the validator accepts; raises NoSample."""
    state = SearchState(optional_depth=4)
    for _ in range(MAX_DRAWS):
        maker = SampleMaker(context, state, max_work=MAX_WORK, rng=rng)
        try:
            value = maker.value([schema])
        except (NoValue, WorkLimitExceeded, RecursionError):
            state.optional_depth = max(state.optional_depth - 1, 0)
            continue
        if _accepts(validator, value):
            return value
    raise NoSample


class _Search:
    """One search at one depth."""

    def __init__(
        self,
        schema: Json,
        context: SchemaContext,
        validator: jsonschema_rs.Validator,
        state: SearchState,
        max_work: int,
    ) -> None:
        self.work = 0
        self._schema = schema
        self._context = context
        self._validator = validator
        self._state = state
        self._max_work = max_work

    def result(self) -> Json:
        for _ in range(ROUNDS):
            maker = SampleMaker(self._context, self._state, max_work=min(MAX_WORK, self._max_work - self.work))
            try:
                value = maker.value([self._schema])
            except NoValue as nowhere:
                self.work += maker.work
                self._try_another(nowhere.path, maker, is_possible=False)
                continue
            except (WorkLimitExceeded, RecursionError):
                self.work += maker.work
                raise WorkLimitExceeded from None
            self.work += maker.work
            if _accepts(self._validator, value):
                return value
            self._adjust(list(_errors(self._validator, value)), maker)
        raise NoSample

    def _adjust(self, errors: list[Any], maker: SampleMaker) -> None:
        """Change the state for the next value: other values at the errors, and more or fewer members."""
        places: dict[Path, None] = {}
        for error in errors:
            self._handle(error, maker, places)
        # the deepest places first: they may cause the errors above
        deepest = [place for place in places if not any(other[: len(place)] == place != other for other in places)]
        for place in deepest or [()]:
            self._try_another(place, maker, is_possible=True)

    def _handle(self, error: Any, maker: SampleMaker, places: dict[Path, None]) -> None:
        kind, path = error.kind, tuple(error.instance_path)
        if kind.name in ("required", "dependentRequired") and path in maker.visited:
            wanted = self._state.wanted.setdefault(path, {})
            if kind.property not in wanted and self._state.attempts.get(path, 0) >= len(wanted) // 2:
                wanted[kind.property] = None
                if self._is_made_up(path, maker):
                    return
        elif kind.name in ("additionalProperties", "unevaluatedProperties") and path in maker.visited:
            unwanted = self._state.unwanted.setdefault(path, set())
            if not unwanted >= set(kind.unexpected):
                unwanted |= set(kind.unexpected)
                if self._is_made_up(path, maker):
                    return
        elif kind.name == "falseSchema" and path and path[:-1] in maker.visited and isinstance(path[-1], str):
            unwanted = self._state.unwanted.setdefault(path[:-1], set())
            if path[-1] not in unwanted:
                unwanted.add(path[-1])
                return
        elif kind.name in ("anyOf", "oneOf") and (branch := self._branch(error, maker, path)) is not None:
            for inner in branch:
                self._handle(inner, maker, places)
            return
        while path not in maker.visited and path:
            path = path[:-1]
        places[path] = None

    def _is_made_up(self, path: Path, maker: SampleMaker) -> bool:
        """The members of the object were chosen one by one, so that one more or fewer can help."""
        return path in maker.branches or any(place[:-1] == path for place in maker.visited if place)

    def _branch(self, error: Any, maker: SampleMaker, path: Path) -> list[Any] | None:
        """The errors of the chosen branch, if they lie deeper than the choice itself."""
        chosen = maker.branches.get(path)
        context = getattr(error.kind, "context", None)
        if not chosen or not context or error.kind.name == "oneOfMultipleValid":
            return None
        branch = next((context[index] for index in chosen if index < len(context) and context[index]), None)
        if branch is None or any(tuple(inner.instance_path) == path for inner in branch):
            return None
        return list(branch)

    def _try_another(self, path: Path, maker: SampleMaker, *, is_possible: bool) -> None:
        """Choose another value at a place, or at the place around it if there is no further one."""
        while path not in maker.visited and path:
            path = path[:-1]
        # A choice without a value leaves the others: the place itself may have one, before the place around it changes.
        has_choices = self._state.attempts.get(path, 0) < min(2 ** len(maker.branches.get(path, ())), MAX_CHOICES)
        if (not is_possible and not has_choices) or self._state.attempts.get(path, 0) >= MAX_ATTEMPTS:
            self._forget(path)
            if not path:
                if not is_possible and self._state.attempts.get((), 0) < MAX_ATTEMPTS:
                    self._state.attempts[()] = self._state.attempts.get((), 0) + 1
                    return
                raise NoSample
            path = path[:-1]
        self._state.attempts[path] = self._state.attempts.get(path, 0) + 1

    def _forget(self, path: Path) -> None:
        """Drop the choices within a place that gets another value."""
        for choices in (self._state.attempts, self._state.wanted, self._state.unwanted):
            for place in [place for place in choices if place[: len(path)] == path and place]:
                del choices[place]


def _accepts(validator: jsonschema_rs.Validator, value: Json) -> bool:
    try:
        return validator.is_valid(value)
    except (ValueError, RecursionError):
        return False


def _errors(validator: jsonschema_rs.Validator, value: Json) -> Iterator[Any]:
    try:
        yield from validator.iter_errors(value)
    except (ValueError, RecursionError):
        return
