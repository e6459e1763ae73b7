"""The free-form objects of a document's replies: each account has its own member names there, so they never drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from mockserver.contract.pointer import dereference, pointer_of

FreeForm: TypeAlias = Mapping[str, frozenset[str]]
"""The declared member names of each free-form object, by its pointer; 0 stands for every index."""
_DEEPEST: Final = 8


def free_form_objects(document: Mapping[str, Any]) -> dict[str, FreeForm]:
    """The free-form objects in the replies, by operation, such as `GET /billing/usage`."""
    return {
        f"{method.upper()} {path}": _in_replies(operation, document)
        for path, item in document.get("paths", {}).items()
        for method, operation in (item.items() if isinstance(item, Mapping) else ())
        if isinstance(operation, Mapping)
    }


def _in_replies(operation: Mapping[str, Any], document: Mapping[str, Any]) -> FreeForm:
    found: dict[str, frozenset[str]] = {}
    for response in operation.get("responses", {}).values():
        for content in (_dereference(response, document).get("content") or {}).values():
            for pointer, declared in _find(content.get("schema"), document, "", 0):
                found[pointer] = found.get(pointer, frozenset()) | declared
    return found


def _find(schema: Any, document: Mapping[str, Any], pointer: str, depth: int) -> Iterator[tuple[str, frozenset[str]]]:
    resolved = _dereference(schema, document)
    if depth > _DEEPEST:
        return
    if isinstance(resolved.get("additionalProperties"), Mapping):
        yield pointer, frozenset(resolved.get("properties", {}))
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
