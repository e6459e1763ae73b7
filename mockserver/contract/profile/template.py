"""Templates of bodies: JSON with placeholders, compiled into functions of the values.

The text `"{name}"` stands for the value of that name, with its JSON type. A member with the text `"{name?}"` is left
out if that value is absent (None). The member `"..."` with the text `"{name}"` stands for the members of that map; a
written member of the same name wins. Every other text is literal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from operator import itemgetter
from typing import Any, Final, TypeAlias

from mockserver.contract.pointer import pointer_of
from mockserver.contract.strict_json import Json

Values: TypeAlias = Mapping[str, Any]
Fill: TypeAlias = Callable[[Values], Any]

MAPS: Final = frozenset({"breakdown", "cost_metric", "units"})
"""The placeholders whose values are maps."""
SPREAD: Final = "..."
_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(\??)\}")


class TemplateError(Exception):
    """A template is invalid; `pointer` is the place of the error."""

    def __init__(self, pointer: str, reason: str) -> None:
        self.pointer = pointer
        self.reason = reason
        super().__init__(reason)


def compile_template(body: Json, known: Collection[str], path: tuple[str | int, ...] = ()) -> Fill:
    """The function that fills a body; raises TemplateError for an unknown placeholder."""
    if isinstance(body, dict):
        return _object(body, known, path)
    if isinstance(body, list):
        parts = tuple(compile_template(each, known, (*path, index)) for index, each in enumerate(body))
        return lambda values: [part(values) for part in parts]
    name, optional = _placeholder(body, known, path)
    if optional:
        raise TemplateError(pointer_of(path), f"{body} is optional; only a member of an object can be optional")
    return (lambda _: body) if name is None else itemgetter(name)


def _object(body: dict[str, Any], known: Collection[str], path: tuple[str | int, ...]) -> Fill:
    if SPREAD not in body:
        return _members(body, known, path)
    spread, _ = _placeholder(body[SPREAD], known, (*path, SPREAD))
    if spread is None or spread not in MAPS:
        maps = ", ".join(sorted(MAPS.intersection(known))) or "none here"
        raise TemplateError(pointer_of((*path, SPREAD)), f"{body[SPREAD]} is not the placeholder of a map; use {maps}")
    fill_written = _members({key: value for key, value in body.items() if key != SPREAD}, known, path)

    def fill_spread(values: Values) -> dict[str, Any]:
        written: dict[str, Any] = fill_written(values)
        return {**written, **{key: value for key, value in values[spread].items() if key not in written}}

    return fill_spread


def _members(body: dict[str, Any], known: Collection[str], path: tuple[str | int, ...]) -> Fill:
    always: list[tuple[str, Fill]] = []
    optional_members: list[tuple[str, str]] = []
    for key, value in body.items():
        name, optional = _placeholder(value, known, (*path, key))
        if name is not None and optional:
            optional_members.append((key, name))
        else:
            always.append((key, compile_template(value, known, (*path, key))))
    if not optional_members:
        return lambda values: {key: fill(values) for key, fill in always}

    def fill_present(values: Values) -> dict[str, Any]:
        filled = {key: fill(values) for key, fill in always}
        for key, name in optional_members:
            if (value := values.get(name)) is not None:
                filled[key] = value
        return filled

    return fill_present


def placeholder_of(value: Json) -> tuple[str | None, bool]:
    """The name of the placeholder, and whether it is optional; no name for anything else."""
    match = _PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return (None, False) if match is None else (match[1], bool(match[2]))


def _placeholder(value: Json, known: Collection[str], path: tuple[str | int, ...]) -> tuple[str | None, bool]:
    name, optional = placeholder_of(value)
    if name is not None and name not in known:
        raise TemplateError(pointer_of(path), f"{value} is not a placeholder here; use {', '.join(sorted(known))}")
    return name, optional
