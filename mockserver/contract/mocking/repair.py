"""Repair of an example that its own schema refuses in a place or two.

Rule 1: only the faulty place changes: a null, an unknown or a writeOnly member goes, a number becomes a text or a text
        a number, a word gets the case of its enum, and a missing member is added with the plainest value that helps.
Rule 2: a faulty member or item without such a change goes, if the rest does without it.
Rule 3: a text whose only fault is its format stays, for example a link that is relative.
Rule 4: an example with other faults, or with too many, is not repaired.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from mockserver.contract.pointer import pointer_of
from mockserver.contract.strict_json import Json

MAX_REPAIRS: Final = 20
MAX_SIZE: Final = 200_000
"""The JSON of an example that is repaired, in characters: each repair validates it anew."""
_NEVER: Final = ("not", "falseSchema")
"""The failures of members that must not be there, such as writeOnly ones."""
_MADE: Final[tuple[Json, ...]] = (None, "text", 0, False, [], {})
"""Values for a missing member, of which the first that its schema accepts is taken."""


class Repaired(NamedTuple):
    """A usable example, and a sentence for each place that was repaired or let pass."""

    value: Json
    notes: tuple[str, ...]


def repair_example(value: Json, validator: Any) -> Repaired | None:
    """The repaired example; None if it cannot be repaired."""
    if len(json.dumps(value)) > MAX_SIZE:
        return None
    whole = [copy.deepcopy(value)]
    notes: list[str] = []
    for _ in range(MAX_REPAIRS):
        failures = _faults(whole[0], validator)
        if not failures:
            passed = [f"{_place(each)} is no {each.kind.format}" for each in _failures(whole[0], validator)]
            return Repaired(whole[0], (*notes, *passed))
        note = _repair_one(whole, failures, validator)
        if note is None:
            return None
        notes.append(note)
    return None


def _faults(value: Json, validator: Any) -> list[Any]:
    """The failures of a value, apart from those of formats."""
    return [each for each in _failures(value, validator) if each.kind.name != "format"]


def _failures(value: Json, validator: Any) -> Iterator[Any]:
    for failure in validator.iter_errors(value):
        yield from _within(failure)


def _within(failure: Any) -> Iterator[Any]:
    """The failure, or those of the most likely branch of a choice."""
    branches = [each for each in getattr(failure.kind, "context", None) or () if each]
    if not branches:
        yield failure
        return
    for inner in min(branches, key=lambda each: _distance(each, list(failure.instance_path))):
        yield from _within(inner)


def _distance(failures: Sequence[Any], place: list[Any]) -> tuple[bool, int, int]:
    """The distance of a value from a branch that has these failures: a type is more than a word, a word than others."""
    is_mistyped = any(each.kind.name == "type" and list(each.instance_path) == place for each in failures)
    return is_mistyped, sum(each.kind.name in ("enum", "const") for each in failures), len(failures)


def _repair_one(whole: list[Json], failures: list[Any], validator: Any) -> str | None:
    """Repair the place of the first failure that has a repair, and say so; None if none has one."""
    for repair in (_repair, _leave_out):
        for each in failures[:MAX_REPAIRS]:  # an example with more is not repaired
            if (note := repair(whole, each, len(failures), validator)) is not None:
                return note
    return None


def _leave_out(whole: list[Json], failure: Any, count: int, validator: Any) -> str | None:
    """Leave a faulty member or item out."""
    path = tuple(failure.instance_path)
    return _drop(whole, path[:-1], path[-1:], validator, count) if path else None


def _repair(whole: list[Json], failure: Any, count: int, validator: Any) -> str | None:
    """Repair the place of one failure, and say so; None if nothing helps."""
    path = tuple(failure.instance_path)
    kind = failure.kind.name
    if kind == "required":
        return _add(whole, path, failure.kind.property, count, validator)
    if kind in ("additionalProperties", "unevaluatedProperties"):
        return _drop(whole, path, failure.kind.unexpected, validator, count)
    holder, key = _holder(whole, path)
    given = holder[key]
    if isinstance(holder, dict) and (given is None or kind in _NEVER):
        return _drop(whole, path[:-1], (key,), validator, count)
    for other in _readings(given, failure):
        holder[key] = other
        if len(_faults(whole[0], validator)) < count:
            return f"{_place(failure)} was {_excerpt(given)} and is {_excerpt(other)}"
    holder[key] = given
    return None


def _readings(given: Json, failure: Any) -> Iterator[Json]:
    """Other readings of a value of the wrong type, or of a word in another case."""
    if failure.kind.name == "enum":
        words = failure.kind.options if isinstance(failure.kind.options, list) else []
        yield from (word for word in words if isinstance(word, str) and word.lower() == str(given).lower())
    if isinstance(given, bool):
        yield json.dumps(given)
    elif isinstance(given, int | float):
        yield str(given)
        if float(given).is_integer():
            yield int(given)
    elif isinstance(given, str):
        try:
            read = json.loads(given)
        except (ValueError, RecursionError):
            read = given
        if read is not given:
            yield read
    if failure.kind.name == "type" and not isinstance(given, list):
        yield [given]
    elif isinstance(given, list) and len(given) == 1:
        yield given[0]


def _add(whole: list[Json], path: tuple[Any, ...], name: str, count: int, validator: Any) -> str | None:
    holder = _at(whole[0], path)
    for value in _MADE:
        holder[name] = copy.deepcopy(value)
        if len(_faults(whole[0], validator)) < count:
            return f"{pointer_of((*path, name))} was missing and is {_excerpt(value)}"
    del holder[name]
    return None


def _drop(
    whole: list[Json], path: tuple[Any, ...], keys: Sequence[str | int], validator: Any, count: int
) -> str | None:
    """Leave members or an item out, if that leaves fewer failures."""
    holder = _at(whole[0], path)
    before = copy.copy(holder)
    dropped = [key for key in keys if isinstance(holder, list) or key in holder]
    for key in dropped:
        del holder[key]
    if dropped and len(_faults(whole[0], validator)) < count:
        return " and ".join(f"{pointer_of((*path, key))} was left out" for key in dropped)
    if isinstance(holder, list):
        holder[:] = before
    else:
        holder.clear()
        holder.update(before)
    return None


def _holder(whole: list[Json], path: tuple[Any, ...]) -> tuple[Any, Any]:
    """The object or array around a place, and its key there."""
    return (_at(whole[0], path[:-1]), path[-1]) if path else (whole, 0)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _place(failure: Any) -> str:
    return pointer_of(failure.instance_path) or "the whole"


def _excerpt(value: Json) -> str:
    return json.dumps(value)[:60]
