"""Names that OpenAPI does not allow: of components, such as `Page[Item]`, and of members that references point at.

They get another name, in the references too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import unquote

from mockserver.contract.loading.checking.members import LinkedPath, linked_pointer
from mockserver.contract.loading.repairing.changes import Changes
from mockserver.contract.pointer import path_of, pointer_of

_NAME: Final = re.compile(r"[a-zA-Z0-9._-]+")
_OTHERS: Final = re.compile(r"[^a-zA-Z0-9._-]")

Moves = dict[tuple[str, ...], tuple[str, ...]]


def has_names(document: dict[str, Any]) -> bool:
    """Every component has a name that OpenAPI allows."""
    components = document.get("components")
    maps = components.values() if isinstance(components, dict) else ()
    return all(_NAME.fullmatch(name) for named in maps if isinstance(named, dict) for name in named)


def pointed_at(document: dict[str, Any]) -> frozenset[str]:
    """The pointers to every value that a reference leads to or passes."""
    found: set[str] = set()
    for value in _mappings(document):
        ref = value.get("$ref")
        if isinstance(ref, str) and ref.startswith("#/"):
            pointer = unquote(ref[1:])
            while pointer and pointer not in found:
                found.add(pointer)
                pointer = pointer.rpartition("/")[0]
    return frozenset(found)


def repair_names(document: dict[str, Any], kept: Iterable[tuple[dict[str, Any], LinkedPath]], changes: Changes) -> None:
    """Rename the components with other names, and the unknown members with references to them."""
    moves: Moves = {}
    for holder, path in kept:
        name = str(path[1])
        if name in holder:
            old = path_of(linked_pointer(path))
            moves[old] = (*old[:-1], f"x-{name}")
            holder[f"x-{name}"] = holder.pop(name)
    components = document.get("components")
    for kind, named in components.items() if isinstance(components, dict) else ():
        if isinstance(named, dict) and not kind.startswith("x-"):
            _rename_components(kind, named, moves, changes)
    if moves:
        _rename_references(document, moves)


def _rename_components(kind: str, named: dict[str, Any], moves: Moves, changes: Changes) -> None:
    renamed: dict[str, str] = {}
    for name in [name for name in named if not _NAME.fullmatch(name)]:
        renamed[name] = other = _free(_OTHERS.sub("_", name) or "_", {*named, *renamed.values()})
        moves["components", kind, name] = ("components", kind, other)
        place = ((((), "components"), kind), name)
        changes.report(place, f"the name of a component has letters, digits and . _ - alone; {other} is taken for it")
    if renamed:
        members = {renamed.get(name, name): value for name, value in named.items()}
        named.clear()
        named.update(members)


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _mappings(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    pending: list[Any] = [document]
    met: set[int] = set()
    while pending:
        value = pending.pop()
        if id(value) in met:
            continue
        met.add(id(value))
        if isinstance(value, dict):
            yield value
        inner = value.values() if isinstance(value, dict) else value
        pending += [each for each in inner if isinstance(each, dict | list)]


def _rename_references(document: dict[str, Any], moves: Moves) -> None:
    for value in _mappings(document):
        if isinstance(ref := value.get("$ref"), str):
            value["$ref"] = _renamed(ref, moves)
        mapping = value.get("mapping")
        if "propertyName" in value and isinstance(mapping, dict):
            for word, each in mapping.items():
                mapping[word] = _renamed_entry(each, moves) if isinstance(each, str) else each
        requirements = value.get("security")
        for each in requirements if isinstance(requirements, list) else ():
            for name in [name for name in each if ("components", "securitySchemes", name) in moves]:
                each[moves["components", "securitySchemes", name][-1]] = each.pop(name)


def _renamed_entry(entry: str, moves: Moves) -> str:
    moved = moves.get(("components", "schemas", entry))
    return _renamed(entry, moves) if moved is None else moved[-1]


def _renamed(ref: str, moves: Moves) -> str:
    """The reference to the other name."""
    if not ref.startswith("#/"):
        return ref
    steps = given = path_of(unquote(ref[1:]))
    for length in range(len(given), 0, -1):
        if (moved := moves.get(given[:length])) is not None:
            steps = (*moved, *steps[length:])
    return ref if steps == given else f"#{pointer_of(steps)}"
