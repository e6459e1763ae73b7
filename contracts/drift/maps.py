"""Objects of a document's answers whose members may have any name: those are an account's own, and no drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract.pointer import dereference

_DEEPEST: Final = 8


def maps_in(document: Mapping[str, Any]) -> frozenset[str]:
    """The pointers to such objects, in which every place of a list is 0."""
    found: set[str] = set()
    for item in document.get("paths", {}).values():
        for operation in item.values() if isinstance(item, Mapping) else ():
            responses = operation.get("responses", {}) if isinstance(operation, Mapping) else {}
            for response in responses.values():
                for content in (_seen(response, document).get("content") or {}).values():
                    found.update(_maps(content.get("schema"), document, "", 0))
    return frozenset(found)


def _maps(schema: Any, document: Mapping[str, Any], pointer: str, depth: int) -> Iterator[str]:
    told = _seen(schema, document)
    if depth > _DEEPEST:
        return
    if isinstance(told.get("additionalProperties"), Mapping) and "properties" not in told:
        yield pointer
    for name, member in told.get("properties", {}).items():
        yield from _maps(member, document, f"{pointer}/{name}", depth + 1)
    yield from _maps(told.get("items"), document, f"{pointer}/0", depth + 1)
    for part in (each for word in ("allOf", "anyOf", "oneOf") for each in told.get(word, ())):
        yield from _maps(part, document, pointer, depth + 1)


def _seen(value: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        told = dereference(document, value)
    except LookupError:
        return {}
    return told if isinstance(told, Mapping) else {}
