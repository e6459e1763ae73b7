"""Keywords that combine schemas: references, alternatives, negation and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from mockserver.contract.schema.explanation.walk import Rule, Walk
from mockserver.contract.schema.violation import Path, ValidationFailure

Failures = Iterator[ValidationFailure]


class Discriminator(NamedTuple):
    """The member that names the alternative that is meant, and the alternatives of its values."""

    member: str
    mapping: Mapping[str, Any]


def _ref(walk: Walk, expected: Any, value: Any, path: Path, _: Mapping[str, Any]) -> Sequence[ValidationFailure]:
    return walk.failures(walk.resolve(str(expected)), value, path)


def _all_of(walk: Walk, expected: Any, value: Any, path: Path, _: Mapping[str, Any]) -> Failures:
    for part in expected:
        yield from walk.failures(part, value, path)


def _any_of(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    branches = [(part, walk.failures(part, value, path)) for part in expected]
    if not walk.is_exhausted and all(found for _, found in branches):
        yield _none_of("anyOf", branches, value, path, schema)


def _one_of(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    branches = [(part, walk.failures(part, value, path)) for part in expected]
    fitting = [index for index, (_, found) in enumerate(branches) if not found]
    if walk.is_exhausted or len(fitting) == 1:
        return
    if fitting:
        yield ValidationFailure("oneOf", [_name(index, expected[index]) for index in fitting], value, path, schema)
    else:
        yield _none_of("oneOf", branches, value, path, schema)


def _none_of(
    keyword: str, branches: list[tuple[Any, list[ValidationFailure]]], value: Any, path: Path, schema: Mapping[str, Any]
) -> ValidationFailure:
    """The failure of a value that fits no alternative. A discriminator names the one that is meant."""
    discriminator = _discriminator_of(schema)
    meant = [each for each in branches if _is_meant(each[0], value, discriminator)]
    if not meant and (unknown := _unknown_kind(discriminator, branches, value, path, schema)) is not None:
        return unknown
    chosen = tuple((part, tuple(found)) for part, found in meant or branches)
    return ValidationFailure(keyword, [], value, path, schema, chosen)


def _discriminator_of(schema: Mapping[str, Any]) -> Discriminator | None:
    """The discriminator of a schema; None without one that can be read."""
    found = schema.get("discriminator")
    name = found.get("propertyName") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(name, str):
        return None
    mapping = found.get("mapping")
    return Discriminator(name, mapping if isinstance(mapping, dict) else {})


def _unknown_kind(
    discriminator: Discriminator | None,
    branches: list[tuple[Any, list[ValidationFailure]]],
    value: Any,
    path: Path,
    schema: Mapping[str, Any],
) -> ValidationFailure | None:
    """The failure of a discriminator whose value every alternative refuses."""
    if discriminator is None or not isinstance(value, dict) or not isinstance(value.get(discriminator.member), str):
        return None
    place = (*path, discriminator.member)
    refs = [part.get("$ref") for part, _ in branches if isinstance(part, dict)]
    is_named = len(refs) == len(branches) and all(isinstance(ref, str) for ref in refs)
    if not is_named and not all(any(each.path == place for each in found) for _, found in branches):
        return None
    names = [_name(index, part) for index, (part, _) in enumerate(branches)]
    if discriminator.mapping:
        mapped = {str(target).rpartition("/")[2] for target in discriminator.mapping.values()}
        names = [*discriminator.mapping, *(each for each in names if is_named and each not in mapped)]
    return ValidationFailure("discriminator", names, value[discriminator.member], place, schema)


def _is_meant(part: Any, value: Any, discriminator: Discriminator | None) -> bool:
    if discriminator is None or not isinstance(part, dict) or not isinstance(value, dict):
        return False
    given = value.get(discriminator.member)
    if not isinstance(given, str) or not isinstance(ref := part.get("$ref"), str):
        return False
    mapped = discriminator.mapping.get(given, given)
    return mapped in (ref, ref.rpartition("/")[2])


def _name(index: int, part: Any) -> str:
    """The name of an alternative, from its $ref or its title; else its place."""
    ref = part.get("$ref") if isinstance(part, dict) else None
    title = part.get("title") if isinstance(part, dict) else None
    return str(ref).rpartition("/")[2] if ref else str(title) if title else f"number {index + 1}"


def _not(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if walk.accepts(expected, value, path) and not walk.is_exhausted:
        yield ValidationFailure("not", expected, value, path, schema)


def _if(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    branch = "then" if walk.accepts(expected, value, path) else "else"
    if branch in schema and not walk.is_exhausted:
        yield from walk.failures(schema[branch], value, path)


RULES_30: Final[Mapping[str, Rule]] = {
    "$ref": _ref,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
}
RULES_31: Final[Mapping[str, Rule]] = {**RULES_30, "if": _if}
