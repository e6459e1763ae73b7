"""The contract as another right server may read it.

How long an id is, how a time is written and that no page has over a hundred entries is the mock's word, not the
page's. Whoever is not held to exactness is held to the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from mockserver.contract.pointer import resolve_ref

# What is exact about an answer's text, and about a page's length.
_OF_ANSWERS: Final = "pattern"
_OF_QUERIES: Final = "maximum"


def lenient(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what only the mock promises; requests' bodies stay as strict as they are."""
    loose: dict[str, Any] = json.loads(json.dumps(document))
    for item in loose.get("paths", {}).values():
        for operation in item.values():
            if not isinstance(operation, dict):
                continue
            _drop(operation.get("responses"), _OF_ANSWERS)
            for parameter in operation.get("parameters", ()):
                if parameter.get("in") == "query":
                    _drop(parameter.get("schema"), _OF_QUERIES)
    components = loose.get("components", {})
    _drop(components.get("responses"), _OF_ANSWERS)
    asked = _referred(document, [operation.get("requestBody") for operation in _operations(document)])
    for name, schema in components.get("schemas", {}).items():
        if f"#/components/schemas/{name}" not in asked:
            _drop(schema, _OF_ANSWERS)
    return loose


def _operations(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in document.get("paths", {}).values():
        yield from (operation for operation in item.values() if isinstance(operation, Mapping))


def _referred(document: Mapping[str, Any], node: Any) -> frozenset[str]:
    """What the node refers to, and what that refers to in turn."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, Mapping):
            reference = each.get("$ref")
            if isinstance(reference, str) and reference.startswith("#") and reference not in found:
                found.add(reference)
                with suppress(LookupError):
                    waiting.append(resolve_ref(document, reference))
            waiting += each.values()
    return frozenset(found)


def _drop(node: Any, word: str) -> None:
    if isinstance(node, list):
        for each in node:
            _drop(each, word)
    elif isinstance(node, dict):
        # A member may be called as the word is.
        if not isinstance(node.get(word), dict):
            node.pop(word, None)
        for name, value in node.items():
            if name not in ("example", "examples", "enum", "default"):
                _drop(value, word)
