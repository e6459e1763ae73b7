"""The lenient contract for other correct servers.

The page defines neither the form of ids and times nor the largest page of a list; only the mock does. A run that does
not check the mock's exact behaviour leaves these out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from mockserver.contract.pointer import resolve_ref

_REPLY_KEYWORD: Final = "pattern"
_QUERY_KEYWORD: Final = "maximum"


def make_lenient(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document without the patterns of replies and the maxima of queries; request bodies stay strict."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for item in copy.get("paths", {}).values():
        for operation in item.values():
            if not isinstance(operation, dict):
                continue
            _drop(operation.get("responses"), _REPLY_KEYWORD)
            for parameter in operation.get("parameters", ()):
                if parameter.get("in") == "query":
                    _drop(parameter.get("schema"), _QUERY_KEYWORD)
    components = copy.get("components", {})
    _drop(components.get("responses"), _REPLY_KEYWORD)
    of_requests = _references(document, [operation.get("requestBody") for operation in _operations(document)])
    for name, schema in components.get("schemas", {}).items():
        if f"#/components/schemas/{name}" not in of_requests:
            _drop(schema, _REPLY_KEYWORD)
    return copy


def _operations(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in document.get("paths", {}).values():
        yield from (operation for operation in item.values() if isinstance(operation, Mapping))


def _references(document: Mapping[str, Any], node: Any) -> frozenset[str]:
    """The local references in the node and, in turn, in their targets."""
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


def _drop(node: Any, keyword: str) -> None:
    """Remove the keyword from every schema in the node."""
    if isinstance(node, list):
        for each in node:
            _drop(each, keyword)
    elif isinstance(node, dict):
        # A property may have the name of the keyword; its value is a schema.
        if not isinstance(node.get(keyword), dict):
            node.pop(keyword, None)
        for name, value in node.items():
            if name not in ("example", "examples", "enum", "default"):
                _drop(value, keyword)
