"""The free-form objects of a document's replies: each account has its own member names there, so they never drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract.pointer import dereference, pointer_of

_DEEPEST: Final = 8


def free_form_objects(document: Mapping[str, Any]) -> frozenset[str]:
    """The pointers to the free-form objects in the replies, with 0 for every index."""
    found: set[str] = set()
    for item in document.get("paths", {}).values():
        for operation in item.values() if isinstance(item, Mapping) else ():
            responses = operation.get("responses", {}) if isinstance(operation, Mapping) else {}
            for response in responses.values():
                for content in (_dereference(response, document).get("content") or {}).values():
                    found.update(_find(content.get("schema"), document, "", 0))
    return frozenset(found)


def _find(schema: Any, document: Mapping[str, Any], pointer: str, depth: int) -> Iterator[str]:
    resolved = _dereference(schema, document)
    if depth > _DEEPEST:
        return
    if isinstance(resolved.get("additionalProperties"), Mapping) and "properties" not in resolved:
        yield pointer
    for name, member in resolved.get("properties", {}).items():
        yield from _find(member, document, pointer + pointer_of([name]), depth + 1)
    yield from _find(resolved.get("items"), document, f"{pointer}/0", depth + 1)
    for part in (part for keyword in ("allOf", "anyOf", "oneOf") for part in resolved.get(keyword, ())):
        yield from _find(part, document, pointer, depth + 1)


def _dereference(value: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        resolved = dereference(document, value)
    except LookupError:
        return {}
    return resolved if isinstance(resolved, Mapping) else {}
