"""Nulls for optional members, which clients send where OpenAPI 3.0 would have them left out.

Rule 1: a null that the schema refuses counts as an absent member, if the schema accepts the rest.
Rule 2: a null for a required member stays a violation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from mockserver.contract.pointer import pointer_of
from mockserver.contract.schema.violation import ValidationFailure
from mockserver.contract.strict_json import Json

MAX_ROUNDS: Final = 8
"""How often the rest is validated anew: a refusal may hide another one inside of it."""


def without_refused_nulls(
    value: Json, accepts: Callable[[Json], bool], refused: Callable[[Json], Iterable[ValidationFailure]]
) -> tuple[Json, tuple[str, ...]] | None:
    """The value without the null members that are refused, and their pointers; None if more is refused."""
    if next(_null_members(value, ()), None) is None:
        return None
    dropped: list[str] = []
    for _ in range(MAX_ROUNDS):
        if accepts(value):
            return value, tuple(dropped)
        found = _refused_nulls(value, refused(value))
        if not found:
            return None
        value = _without(value, frozenset(found))
        dropped += found
    return None


def _refused_nulls(value: Json, failures: Iterable[ValidationFailure]) -> list[str]:
    """The pointers to null members that are refused; if none is named, those inside the refused values."""
    places = [failure.path for failure in failures]
    named = [pointer_of(place) for place in places if place and _is_null_member(value, place)]
    if named:
        return list(dict.fromkeys(named))
    return list(dict.fromkeys(pointer for place in places for pointer in _null_members(_at(value, place), place)))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _is_null_member(value: Json, path: tuple[str | int, ...]) -> bool:
    return _at(value, path) is None and isinstance(_at(value, path[:-1]), dict)


def _null_members(value: Json, path: tuple[str | int, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if each is None:
                yield pointer_of((*path, name))
            else:
                yield from _null_members(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _null_members(each, (*path, index))


def _without(value: Json, pointers: frozenset[str], path: tuple[str | int, ...] = ()) -> Json:
    if isinstance(value, dict):
        return {
            name: _without(each, pointers, (*path, name))
            for name, each in value.items()
            if pointer_of((*path, name)) not in pointers
        }
    if isinstance(value, list):
        return [_without(each, pointers, (*path, index)) for index, each in enumerate(value)]
    return value
