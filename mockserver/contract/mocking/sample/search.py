"""Looks for a value that a schema accepts: makes one, has it judged, mends it where the judge points.

Rule 1: nothing is handed out that the compiled validator refuses.
Rule 2: the same schema and document give the same value, however fast the machine is; the work is counted, not timed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs

from mockserver.contract.mocking.sample.maker import Impossible, Maker, Path, Plan, TooMuch
from mockserver.contract.mocking.sample.schema_node import Context
from mockserver.contract.strict_json import Json

ROUNDS: Final = 60
MOST_WORK: Final = 4_000
"""Places of one value; beyond, optional members are left out from a smaller depth on."""
DEPTHS: Final = (6, 4, 3, 2, 1, 0)
ALL_WORK: Final = 60_000
THROWS: Final = 10
MOST_AT_A_PLACE: Final = 40


class NothingFound(Exception):
    """No value was found that the schema accepts; there may be none."""


def found(schema: Json, context: Context, judge: jsonschema_rs.Validator) -> Json:
    """A plain value that the judge accepts, the same each time; raises NothingFound."""
    work = 0
    for depth in DEPTHS:
        search = _Search(schema, context, judge, Plan(optional_depth=depth), ALL_WORK - work)
        try:
            return search.result()
        except TooMuch:
            work += search.work
            if work >= ALL_WORK:
                break
    raise NothingFound


def thrown(schema: Json, context: Context, judge: jsonschema_rs.Validator, dice: random.Random) -> Json:
    """A value that the judge accepts, as the dice fall; raises NothingFound."""
    plan = Plan(optional_depth=4)
    for _ in range(THROWS):
        maker = Maker(context, plan, most_work=MOST_WORK, dice=dice)
        try:
            value = maker.value([schema])
        except (Impossible, TooMuch, RecursionError):
            plan.optional_depth = max(plan.optional_depth - 1, 0)
            continue
        if _accepts(judge, value):
            return value
    raise NothingFound


class _Search:
    """One search at one depth."""

    def __init__(
        self, schema: Json, context: Context, judge: jsonschema_rs.Validator, plan: Plan, most_work: int
    ) -> None:
        self.work = 0
        self._schema = schema
        self._context = context
        self._judge = judge
        self._plan = plan
        self._most_work = most_work

    def result(self) -> Json:
        for _ in range(ROUNDS):
            maker = Maker(self._context, self._plan, most_work=min(MOST_WORK, self._most_work - self.work))
            try:
                value = maker.value([self._schema])
            except Impossible as nowhere:
                self.work += maker.work
                self._another(nowhere.path, maker, is_possible=False)
                continue
            except (TooMuch, RecursionError):
                self.work += maker.work
                raise TooMuch from None
            self.work += maker.work
            if _accepts(self._judge, value):
                return value
            self._mend(list(_errors(self._judge, value)), maker)
        raise NothingFound

    def _mend(self, errors: list[Any], maker: Maker) -> None:
        """Plan the next value: other ones where the errors are, members more or fewer."""
        places: dict[Path, None] = {}
        for error in errors:
            self._note(error, maker, places)
        # the deepest places first: what is wrong above may be wrong because of them
        deepest = [place for place in places if not any(other[: len(place)] == place != other for other in places)]
        for place in deepest or [()]:
            self._another(place, maker, is_possible=True)

    def _note(self, error: Any, maker: Maker, places: dict[Path, None]) -> None:
        kind, path = error.kind, tuple(error.instance_path)
        if kind.name in ("required", "dependentRequired") and path in maker.visited:
            wanted = self._plan.wanted.setdefault(path, {})
            if kind.property not in wanted and self._plan.attempts.get(path, 0) >= len(wanted) // 2:
                wanted[kind.property] = None
                if self._is_made_up(path, maker):
                    return
        elif kind.name in ("additionalProperties", "unevaluatedProperties") and path in maker.visited:
            unwanted = self._plan.unwanted.setdefault(path, set())
            if not unwanted >= set(kind.unexpected):
                unwanted |= set(kind.unexpected)
                if self._is_made_up(path, maker):
                    return
        elif kind.name == "falseSchema" and path and path[:-1] in maker.visited and isinstance(path[-1], str):
            unwanted = self._plan.unwanted.setdefault(path[:-1], set())
            if path[-1] not in unwanted:
                unwanted.add(path[-1])
                return
        elif kind.name in ("anyOf", "oneOf") and (branch := self._branch(error, maker, path)) is not None:
            for inner in branch:
                self._note(inner, maker, places)
            return
        while path not in maker.visited and path:
            path = path[:-1]
        places[path] = None

    def _is_made_up(self, path: Path, maker: Maker) -> bool:
        """Whether members of the object were chosen one by one, so that one more or fewer mends it."""
        return path in maker.branches or any(place[:-1] == path for place in maker.visited if place)

    def _branch(self, error: Any, maker: Maker, path: Path) -> list[Any] | None:
        """The errors within the branch that was meant, while they lie deeper than the choice itself."""
        settled = maker.branches.get(path)
        context = getattr(error.kind, "context", None)
        if not settled or not context or error.kind.name == "oneOfMultipleValid":
            return None
        branch = next((context[index] for index in settled if index < len(context) and context[index]), None)
        if branch is None or any(tuple(inner.instance_path) == path for inner in branch):
            return None
        return list(branch)

    def _another(self, path: Path, maker: Maker, *, is_possible: bool) -> None:
        """Plan another value at a place, or, where there is no further one, at the place around it."""
        while path not in maker.visited and path:
            path = path[:-1]
        if not is_possible or self._plan.attempts.get(path, 0) >= MOST_AT_A_PLACE:
            self._forget(path)
            if not path:
                if not is_possible and self._plan.attempts.get((), 0) < MOST_AT_A_PLACE:
                    self._plan.attempts[()] = self._plan.attempts.get((), 0) + 1
                    return
                raise NothingFound
            path = path[:-1]
        self._plan.attempts[path] = self._plan.attempts.get(path, 0) + 1

    def _forget(self, path: Path) -> None:
        """What was planned within a place that is to be made otherwise means nothing any more."""
        for plans in (self._plan.attempts, self._plan.wanted, self._plan.unwanted):
            for place in [place for place in plans if place[: len(path)] == path and place]:
                del plans[place]


def _accepts(judge: jsonschema_rs.Validator, value: Json) -> bool:
    try:
        return judge.is_valid(value)
    except (ValueError, RecursionError):
        return False


def _errors(judge: jsonschema_rs.Validator, value: Json) -> Iterator[Any]:
    try:
        yield from judge.iter_errors(value)
    except (ValueError, RecursionError):
        return
