"""The violations of a request body: the places and keywords of the schema that it does not satisfy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import jsonschema_rs

from mockserver.contract.pointer import pointer_of

_COMPOUND: Final = frozenset({"anyOf", "oneOf", "allOf", "not"})

BodyViolationsOf = Callable[[str, str, bytes], tuple[tuple[str, str], ...]]
"""From a path, a method and a body to the violations, as `BodyViolations.of`."""

SYNTAX: Final = (("", "json"),)
"""The violations of a body that is no JSON."""


class BodyViolations:
    """Finds the violations of request bodies; each operation's schema is compiled once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._validators: dict[tuple[str, str], jsonschema_rs.Validator | None] = {}

    def of(self, path: str, method: str, body: bytes) -> tuple[tuple[str, str], ...]:
        """The violations as (JSON pointer, keyword), sorted; empty if the operation has no usable schema."""
        try:
            value = json.loads(body) if body else None
        except (ValueError, RecursionError):
            return SYNTAX
        if not body:
            return (("", "missing"),)
        validator = self._validator(path, method.lower())
        if validator is None:
            return ()
        try:
            found = list(validator.iter_errors(value))
        except UnicodeEncodeError:
            found = list(validator.iter_errors(_without_surrogates(value)))
        errors = {(general_pointer(error.instance_path), str(error.kind.name)) for error in found}
        # The violation inside an alternative says more than the alternative's own.
        return tuple(sorted(errors, key=lambda violation: (violation[1] in _COMPOUND, *violation)))

    def _validator(self, path: str, method: str) -> jsonschema_rs.Validator | None:
        place = (path, method)
        if place not in self._validators:
            self._validators[place] = self._compile(path, method)
        return self._validators[place]

    def _compile(self, path: str, method: str) -> jsonschema_rs.Validator | None:
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


def _without_surrogates(value: Any) -> Any:
    # The validator reads UTF-8, which has no half of a character.
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def general_pointer(path: Iterable[str | int]) -> str:
    """The JSON pointer with 0 for every index: a cause is the same for all items of a list."""
    return pointer_of("0" if isinstance(step, int) else step for step in path)
