"""Keywords of the items of an array."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockserver.contract.schema.explanation.evaluated import evaluated_items
from mockserver.contract.schema.explanation.walk import MANY, Rule, Walk
from mockserver.contract.schema.violation import Path, ValidationFailure

Failures = Iterator[ValidationFailure]


def _each(walk: Walk, schema: Any, value: list[Any], path: Path, start: int) -> Failures:
    for index, item in walk.suspects(schema, list(enumerate(value))[start:]):
        yield from walk.failures(schema, item, (*path, index))


def _items(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if not isinstance(value, list):
        return
    if isinstance(expected, list):  # Draft 4, which OpenAPI 3.0 extends
        yield from _prefix(walk, expected, value, path, schema)
        return
    prefix = schema.get("prefixItems", ()) if not walk.is_30 else ()
    yield from _rest(walk, expected, value, path, len(prefix))


def _rest(walk: Walk, schema: Any, value: list[Any], path: Path, start: int) -> Failures:
    """The failures of the items from a place on."""
    if schema is False and len(value) > start:
        yield ValidationFailure("items", start, value, (*path, start), {})
    elif isinstance(schema, dict):
        yield from _each(walk, schema, value, path, start)


def _prefix(walk: Walk, expected: Any, value: Any, path: Path, _: Mapping[str, Any]) -> Failures:
    for index, item in enumerate(expected[: len(value)] if isinstance(value, list) else ()):
        yield from walk.failures(item, value[index], (*path, index))


def _additional(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if isinstance(value, list) and isinstance(items := schema.get("items"), list):
        yield from _rest(walk, expected, value, path, len(items))


def _unevaluated(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if not isinstance(value, list) or expected is True:
        return
    evaluated = evaluated_items(walk, schema, value, path, is_own=True)
    rest = [index for index in range(len(value)) if index not in evaluated] if not walk.is_exhausted else []
    if expected is False and rest == list(range(len(evaluated), len(value))):
        yield from _rest(walk, False, value, path, len(evaluated))
        return
    for index in rest:
        yield from walk.failures(expected, value[index], (*path, index))


def _contains(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if not isinstance(value, list):
        return
    suspects = list(walk.suspects(expected, list(enumerate(value))))
    count = len(value) - len(suspects)
    if len(value) <= MANY:
        count = sum(walk.accepts(expected, item, (*path, index)) for index, item in suspects)
    least, most = schema.get("minContains", 1), schema.get("maxContains")
    if walk.is_exhausted:
        return
    if count < least:
        yield ValidationFailure("minContains" if "minContains" in schema else "contains", least, count, path, schema)
    if most is not None and count > most:
        yield ValidationFailure("maxContains", most, count, path, schema)


RULES_30: Final[Mapping[str, Rule]] = {"items": _items, "additionalItems": _additional}
RULES_31: Final[Mapping[str, Rule]] = {
    "items": _items,
    "prefixItems": _prefix,
    "unevaluatedItems": _unevaluated,
    "contains": _contains,
}
