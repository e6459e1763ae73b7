"""Keywords of the members of an object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mockserver.contract.schema.explanation.evaluated import evaluated_members
from mockserver.contract.schema.explanation.walk import Rule, Walk
from mockserver.contract.schema.pattern import matches
from mockserver.contract.schema.violation import Path, ValidationFailure, unexpected

Failures = Iterator[ValidationFailure]


def _member(walk: Walk, schema: Any, value: Any, path: Path) -> Sequence[ValidationFailure]:
    if walk.forbids(schema):
        return (ValidationFailure(walk.forbidden, True, value, path, {}),)
    return walk.failures(schema, value, path)


def _properties(walk: Walk, expected: Any, value: Any, path: Path, _: Mapping[str, Any]) -> Failures:
    for name, member in expected.items() if isinstance(value, dict) else ():
        if name in value:
            yield from _member(walk, member, value[name], (*path, name))


def _pattern_properties(walk: Walk, expected: Any, value: Any, path: Path, _: Mapping[str, Any]) -> Failures:
    for pattern, member in expected.items() if isinstance(value, dict) else ():
        if not walk.spend(len(value) // 10):  # a pattern is a tenth of a schema's work
            return
        for name in value:
            if matches(pattern, name):
                yield from _member(walk, member, value[name], (*path, name))


def _required(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    members = schema.get("properties", {})
    for name in expected if isinstance(value, dict) else ():
        if name not in value and not walk.is_marked(members.get(name)):
            yield ValidationFailure("required", [name], value, path, schema)


def _additional(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if not isinstance(value, dict) or expected is True:
        return
    extra = sorted(unexpected(value, schema))
    if expected is False and extra:
        yield ValidationFailure("additionalProperties", extra, value, path, schema)
    for name, member in walk.suspects(expected, [(name, value[name]) for name in extra]) if expected else ():
        yield from walk.failures(expected, member, (*path, name))


def _unevaluated(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if not isinstance(value, dict) or expected is True:
        return
    evaluated = evaluated_members(walk, schema, value, path, is_own=True)
    extra = [name for name in value if name not in evaluated] if not walk.is_exhausted else []
    if expected is False and extra:
        yield ValidationFailure("additionalProperties", extra, value, path, schema)
    for name in extra if expected else ():
        yield from walk.failures(expected, value[name], (*path, name))


def _names(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    for name, _ in walk.suspects(expected, [(name, name) for name in value] if isinstance(value, dict) else []):
        # a step that no path of a value has: the name is judged, not the member
        found = walk.failures(expected, name, (*path, f"the name {name}"))
        if found:
            yield ValidationFailure("propertyNames", found[0], name, (*path, name), schema)


def _dependent_required(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    members = schema.get("properties", {})
    for trigger, names in expected.items() if isinstance(value, dict) else ():
        for name in names if trigger in value and isinstance(names, list) else ():
            if name not in value and not walk.is_marked(members.get(name)):
                yield ValidationFailure("dependentRequired", (name, trigger), value, path, schema)


def _dependent_schemas(walk: Walk, expected: Any, value: Any, path: Path, _: Mapping[str, Any]) -> Failures:
    for trigger, schema in expected.items() if isinstance(value, dict) else ():
        for failure in walk.failures(schema, value, path) if trigger in value and not isinstance(schema, list) else ():
            if failure.keyword == "required" and failure.path == path:
                failure = failure._replace(keyword="dependentRequired", expected=(failure.expected[0], trigger))
            yield failure


def _dependencies(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    yield from _dependent_required(walk, expected, value, path, schema)
    yield from _dependent_schemas(walk, expected, value, path, schema)


_BOTH: Final[Mapping[str, Rule]] = {
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "required": _required,
    "additionalProperties": _additional,
}
RULES_30: Final[Mapping[str, Rule]] = {**_BOTH, "dependencies": _dependencies}
RULES_31: Final[Mapping[str, Rule]] = {
    **_BOTH,
    "unevaluatedProperties": _unevaluated,
    "propertyNames": _names,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
}
