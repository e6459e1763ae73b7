"""The lenient contract for other correct servers.

The page defines neither the form of ids, times and error codes nor the largest page of a list; only the mock does. The
page's own words about a reply are claims with checks of their own. A run that does not check the mock's exact behaviour
leaves all this out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from mockserver.contract.pointer import resolve_ref
from mockserver_contracts.document.operations import AUTO_RECHARGE, CHECKOUT, CHECKOUTS, INVOICES, USAGE

_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
# Members of replies whose form is the server's own.
_FREE_MEMBERS: Final = frozenset({"id", "expires_at", "created_at", "errors"})
# Members of replies whose words are the server's own.
_OPEN_WORDS: Final = frozenset({"error_code", "currency"})
_SIBLINGS: Final = (CHECKOUTS, INVOICES, USAGE, AUTO_RECHARGE)
# The paging of a list: what a value out of range means is the server's own.
_PAGING: Final = frozenset({"limit", "offset"})
# Members that no voice of the page and no document of VideoDB has.
_OURS: Final = frozenset({"expires_at"})
_OURS_IN_CHECKOUT: Final = frozenset({"id", "checkout_url"})


def make_lenient(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document without what only the mock promises of replies and queries; request bodies stay strict."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    _loosen_siblings(copy)
    _loosen_checkout(copy)
    for item in copy.get("paths", {}).values():
        for operation in item.values():
            if not isinstance(operation, dict):
                continue
            _loosen_responses(operation.get("responses", {}))
            for parameter in operation.get("parameters", ()):
                if parameter.get("in") == "query" and parameter.get("name") in _PAGING:
                    parameter["schema"] = {}
    components = copy.get("components", {})
    _loosen_responses(components.get("responses", {}))
    of_requests = _references(document, [operation.get("requestBody") for operation in _operations(document)])
    for name, schema in components.get("schemas", {}).items():
        if f"#/components/schemas/{name}" not in of_requests:
            _each_schema(schema, _loosen)
    return copy


def _loosen_responses(responses: Mapping[str, Any]) -> None:
    for response in responses.values():
        content = response.get("content", {}) if isinstance(response, dict) else {}
        for media in content.values():
            _each_schema(media.get("schema"), _loosen)
        if _JSON in content:
            # RFC 9457 lets a problem have members of its own: the envelope's.
            content.setdefault(_PROBLEM, content[_JSON])


def _loosen(schema: dict[str, Any]) -> None:
    schema.pop("pattern", None)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name in _FREE_MEMBERS & properties.keys():
            properties[name] = {}
        for name in _OPEN_WORDS & properties.keys():
            if isinstance(word := properties[name], dict):
                word.pop("enum", None)
    _not_required(schema, _OURS)
    if isinstance(properties, dict):
        for name in properties.keys() - set(schema.get("required", ())):
            properties[name] = _or_null(properties[name])


def _or_null(schema: Any) -> Any:
    """The schema, and null, which many servers send for a member that others leave out."""
    if not isinstance(schema, dict) or not schema:
        return schema
    # Beside a reference no other keyword counts in OpenAPI 3.0.
    return {"nullable": True, "allOf": [schema]} if "$ref" in schema else {**schema, "nullable": True}


def _loosen_siblings(document: dict[str, Any]) -> None:
    """VideoDB's document requires no member of the lists' entries and of the usage statistics."""
    paths = document.get("paths", {})
    answers = [paths.get(path, {}).get("get", {}).get("responses", {}).get("200") for path in _SIBLINGS]
    for reference in _references(document, answers):
        _each_schema(resolve_ref(document, reference), lambda schema: schema.pop("required", None))


def _loosen_checkout(document: Mapping[str, Any]) -> None:
    with suppress(LookupError, TypeError):
        reply = document["paths"][CHECKOUT]["post"]["responses"]["200"]["content"][_JSON]["schema"]
        _not_required(reply["properties"]["data"], _OURS_IN_CHECKOUT)


def _not_required(schema: dict[str, Any], names: frozenset[str]) -> None:
    required = schema.get("required")
    if isinstance(required, list):
        schema["required"] = [name for name in required if name not in names]
        if not schema["required"]:
            del schema["required"]


def _each_schema(node: Any, change: Callable[[dict[str, Any]], object]) -> None:
    """Apply the change to every schema in the node."""
    if isinstance(node, list):
        for each in node:
            _each_schema(each, change)
    elif isinstance(node, dict):
        # A map of properties is no schema, though a property may have the name of a keyword.
        if not all(isinstance(value, dict) for value in node.values()) or "properties" in node:
            change(node)
        for name, value in node.items():
            if name not in ("example", "examples", "enum", "default", "required"):
                _each_schema(value, change)


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
