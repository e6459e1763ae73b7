"""Walks over the members of a document, and paths to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mockserver.contract.pointer import pointer_of

FILES: Final = "x-files"
"""The member of a document that holds the files it refers to, by their paths from its folder."""
VALUES: Final = frozenset({"example", "examples", "default", "enum", "const"})
"""Keywords whose values are data. A $ref in data is no reference."""
NAMED: Final = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs", "definitions", "schemas"}
    | {"responses", "parameters", "headers", "requestBodies", "securitySchemes", "links", "callbacks", "pathItems"}
    | {"webhooks"}
)
"""Keywords whose members have free names, and a name may equal a keyword."""

LinkedPath = tuple[Any, ...]
"""The path of a value: empty at the root, else the parent's path and the last step."""


def iterate_members(document: dict[str, Any]) -> Iterator[tuple[LinkedPath, str, Any]]:
    """Every member of an object outside of data, in the order of the document. Data itself is one member."""
    pending: list[tuple[LinkedPath, Any, bool]] = [((), document, False)]
    while pending:
        path, value, is_named = pending.pop()
        inner: list[tuple[LinkedPath, Any, bool]] = []
        if isinstance(value, dict):
            for key, each in value.items():
                if not is_named:
                    if key.startswith("x-") and key != FILES:
                        continue
                    yield path, key, each
                    if key in VALUES:
                        continue
                if isinstance(each, dict | list):
                    inner.append(((path, key), each, not is_named and (key in NAMED or key == FILES)))
        else:
            inner = [((path, index), each, False) for index, each in enumerate(value) if isinstance(each, dict | list)]
        pending += reversed(inner)


def outer_schemas(document: dict[str, Any]) -> Iterator[tuple[LinkedPath, dict[str, Any]]]:
    """Each schema that lies in no other schema."""
    for path, key, value in iterate_members(document):
        if key == "schema" and isinstance(value, dict):
            yield (path, key), value
    yield from named_schemas(document)


def named_schemas(document: dict[str, Any]) -> Iterator[tuple[LinkedPath, dict[str, Any]]]:
    """The schemas of the document's components."""
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        if isinstance(schema, dict):
            yield ((((), "components"), "schemas"), name), schema


def linked_pointer(path: LinkedPath) -> str:
    """The JSON pointer of a linked path."""
    steps: list[str | int] = []
    while path:
        path, step = path
        steps.append(step)
    return pointer_of(reversed(steps))
