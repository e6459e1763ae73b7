"""What is wrong with a request body by the contract: the canonical cause of an accepted bad request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import jsonschema_rs

_COMPOUND: Final = frozenset({"anyOf", "oneOf", "allOf", "not"})

BodyViolationsOf = Callable[[str, str, bytes], tuple[tuple[str, str], ...]]
"""The faults of a body for a path and a method, as BodyFaults tells them."""

SYNTAX: Final = (("", "json"),)
"""The faults of what is no JSON."""


class BodyViolations:
    """Finds the faults of request bodies, operation by operation."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._validators: dict[tuple[str, str], jsonschema_rs.Validator | None] = {}

    def of(self, path: str, method: str, body: bytes) -> tuple[tuple[str, str], ...]:
        """Each fault as (JSON pointer, keyword), sorted; empty where the contract finds none or cannot tell."""
        try:
            value = json.loads(body) if body else None
        except (ValueError, RecursionError):
            return SYNTAX
        if not body:
            return (("", "missing"),)
        validator = self._validator(path, method.lower())
        if validator is None:
            return ()
        errors = {(pointer(error.instance_path), str(error.kind.name)) for error in validator.iter_errors(value)}
        # An alternative that does not fit says less than what is wrong inside it.
        return tuple(sorted(errors, key=lambda fault: (fault[1] in _COMPOUND, *fault)))

    def _validator(self, path: str, method: str) -> jsonschema_rs.Validator | None:
        place = (path, method)
        if place not in self._validators:
            self._validators[place] = self._compiled(path, method)
        return self._validators[place]

    def _compiled(self, path: str, method: str) -> jsonschema_rs.Validator | None:
        operation = self._document.get("paths", {}).get(path, {}).get(method, {})
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return None
        whole = {**schema, "components": self._document.get("components", {})}
        try:
            return jsonschema_rs.validator_for(whole)
        except (jsonschema_rs.ValidationError, ValueError):
            return None


def pointer(path: list[str | int]) -> str:
    """The RFC 6901 pointer; every place in a list is its first: what holds for one item is one cause."""
    words = ("0" if isinstance(word, int) else word.replace("~", "~0").replace("/", "~1") for word in path)
    return "".join(f"/{word}" for word in words)
