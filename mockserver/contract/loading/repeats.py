"""Repeats: parts of an overlay's action that the document has already.

Rule 1: OpenAPI Overlay appends lists. In a list that is a set, such as `required`, an entry that stands there is not
        added again. A parameter of the same name and place is merged into the one that stands there.
Rule 2: a reference that an action puts over a value replaces it. OpenAPI 3.0 ignores all members beside a reference,
        and so does 3.1 outside of schemas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.pointer import dereference
from mockserver.contract.schema.translation import is_openapi_30

SETS: Final = frozenset(
    {"required", "enum", "type", "security", "tags", "parameters", "allOf", "anyOf", "oneOf", "servers", "examples"}
)
_REFERENCED: Final = frozenset({"responses", "parameters", "headers", "requestBody", "examples", "links", "callbacks"})


def drop_repeats(before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The document after an action, without repeats; changes it in place."""
    replaces_all = is_openapi_30(after)
    pending: list[tuple[Any, Any, tuple[str, ...]]] = [(before, after, ())]
    while pending:
        old, new, path = pending.pop()
        if isinstance(old, dict) and isinstance(new, dict):
            if "$ref" in new and "$ref" not in old and (replaces_all or (path[-2:-1] and path[-2] in _REFERENCED)):
                for name in old.keys() & new.keys():
                    del new[name]
                continue
            for name, value in new.items():
                if name not in old:
                    continue
                if isinstance(value, list) and isinstance(old[name], list):
                    new[name] = value = _set_of(old[name], value, after, name)
                pending.append((old[name], value, (*path, name)))
        elif isinstance(old, list) and isinstance(new, list):
            pending += [(a, b, (*path, "")) for a, b in zip(old, new, strict=False)]
    return after


def _set_of(old: list[Any], new: list[Any], document: dict[str, Any], name: str) -> list[Any]:
    if name not in SETS or len(new) <= len(old) or new[: len(old)] != old:
        return new
    entries = list(old)
    for added in new[len(old) :]:
        index = _same_parameter(entries, added, document) if name == "parameters" else None
        if index is not None:
            entries[index] = _merge(dereference(document, entries[index]), added)
        elif added not in entries:
            entries.append(added)
    return entries


def _same_parameter(entries: list[Any], added: Any, document: dict[str, Any]) -> int | None:
    wanted = _identity(added, document)
    found = (index for index, each in enumerate(entries) if _identity(each, document) == wanted)
    return next(found, None) if wanted is not None else None


def _identity(parameter: Any, document: dict[str, Any]) -> tuple[Any, Any] | None:
    try:
        resolved = dereference(document, parameter)
    except LookupError:
        return None
    return (resolved.get("name"), resolved.get("in")) if isinstance(resolved, dict) else None


def _merge(old: Any, added: Any) -> Any:
    """The old value with the members of the added one, which count where both have one."""
    if not isinstance(old, dict) or not isinstance(added, dict):
        return added
    copy: dict[str, Any] = json.loads(json.dumps(old))
    for name, value in added.items():
        copy[name] = _merge(copy[name], value) if name in copy else value
    return copy
