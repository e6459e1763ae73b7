"""Billing operations with their references resolved, so that an overlay finds the members that it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.loading.checking.members import NAMED, VALUES
from mockserver.contract.pointer import resolve_ref

OURS: Final = "/mockserver."
"""A part of the pointers to components that the product's overlays add. They stay what they are."""
MAX_NODES: Final = 20_000
"""The number of values that are copied; references behind them stay, since a short document may describe a huge one."""


def inline_references(value: Any, document: Mapping[str, Any]) -> Any:
    """A copy of a value without local references; one into itself stays. Raises LookupError for a broken one."""
    return _Inlining(document).copy(value, ())


class _Inlining:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._nodes = 0

    def copy(self, value: Any, within: tuple[str, ...], *, is_named: bool = False) -> Any:
        if isinstance(value, list):
            return [self.copy(each, within) for each in value]
        if not isinstance(value, Mapping):
            return value
        self._nodes += 1
        ref = value.get("$ref")
        if isinstance(ref, str) and not is_named and self._is_followed(ref, within):
            target = self.copy(resolve_ref(self._document, ref), (*within, ref))
            return self._with_members(target, {name: each for name, each in value.items() if name != "$ref"})
        return {
            name: each
            if name in VALUES and not is_named
            else self.copy(each, within, is_named=not is_named and name in NAMED)
            for name, each in value.items()
        }

    def _is_followed(self, ref: str, within: tuple[str, ...]) -> bool:
        return ref.startswith("#") and OURS not in ref and ref not in within and self._nodes < MAX_NODES

    def _with_members(self, target: Any, beside: dict[str, Any]) -> Any:
        """The target of a reference with the members beside it, which OpenAPI 3.1 has: both count."""
        if not beside or not isinstance(target, dict):
            return target
        return {"allOf": [target, beside]} if target.keys() & beside.keys() else {**target, **beside}
