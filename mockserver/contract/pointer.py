"""JSON pointers (RFC 6901), as text and as the fragment of a local $ref."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote


def pointer_of(path: Iterable[str | int]) -> str:
    """The pointer that names a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def path_of(pointer: str) -> tuple[str, ...]:
    """The path that a pointer names."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def parent_of(pointer: str) -> str:
    """The pointer of the object or array that contains the value."""
    return pointer.rpartition("/")[0]


def value_at(value: Any, pointer: str) -> Any:
    """The value at a pointer; raises LookupError if there is none."""
    for step in path_of(pointer):
        if isinstance(value, Mapping):
            value = value[step]
        elif isinstance(value, list) and step.isdecimal():
            value = value[int(step)]
        else:
            raise LookupError(pointer)
    return value


def resolve_ref(document: Mapping[str, Any], ref: str) -> Any:
    """The target of a local $ref; raises LookupError if there is none."""
    return value_at(document, unquote(ref.removeprefix("#")))


def dereference(document: Mapping[str, Any], value: Any) -> Any:
    """The value; if it is a Reference Object, its target."""
    for _ in range(100):
        if not (isinstance(value, Mapping) and isinstance(value.get("$ref"), str)):
            return value
        value = resolve_ref(document, value["$ref"])
    raise LookupError("a $ref refers to itself")
