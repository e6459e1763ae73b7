"""Repair of an example that its own schema refuses in a place or two.

Rule 1: only the faulty place changes: a null, an unknown or a writeOnly member goes, a number becomes a text or a text
        a number, a word gets the case of its enum, and a missing member is added with the plainest value that helps.
Rule 2: a text whose only fault is its format stays, for example a link that is relative.
Rule 3: an example with other faults, or with too many, is not repaired.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
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
            passed = [f"{_place(each)} is no {each.kind.format}" for each in validator.iter_errors(whole[0])]
            return Repaired(whole[0], (*notes, *passed))
        note = next((note for each in failures if (note := _repair(whole, each, len(failures), validator))), None)
        if note is None:
            return None
        notes.append(note)
    return None


def _faults(value: Json, validator: Any) -> list[Any]:
    """The failures of a value, apart from those of formats."""
    return [each for each in validator.iter_errors(value) if each.kind.name != "format"]


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
        return _drop(whole, path[:-1], [str(key)], validator, count)
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
    if not isinstance(given, list):
        yield [given]
    elif len(given) == 1:
        yield given[0]


def _add(whole: list[Json], path: tuple[Any, ...], name: str, count: int, validator: Any) -> str | None:
    holder = _at(whole[0], path)
    for value in _MADE:
        holder[name] = copy.deepcopy(value)
        if len(_faults(whole[0], validator)) < count:
            return f"{pointer_of((*path, name))} was missing and is {_excerpt(value)}"
    del holder[name]
    return None


def _drop(whole: list[Json], path: tuple[Any, ...], names: list[str], validator: Any, count: int) -> str | None:
    holder = _at(whole[0], path)
    dropped = {name: holder.pop(name) for name in names if name in holder}
    if dropped and len(_faults(whole[0], validator)) < count:
        return " and ".join(f"{pointer_of((*path, name))} was left out" for name in dropped)
    holder.update(dropped)
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
