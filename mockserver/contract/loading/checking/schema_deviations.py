"""Deviations in schemas that can be repaired: patterns of other engines, and words of another OpenAPI version."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

from mockserver.contract.loading.checking.deviations import MAX_DEVIATIONS, drop_member, holder_of
from mockserver.contract.loading.checking.document_error import BOUNDS, DocumentError
from mockserver.contract.loading.checking.members import (
    NAMED,
    VALUES,
    LinkedPath,
    iterate_members,
    linked_pointer,
    outer_schemas,
)
from mockserver.contract.loading.checking.pattern_repair import is_of_another_engine, repair_pattern
from mockserver.contract.pointer import path_of
from mockserver.contract.schema.pattern import is_readable
from mockserver.contract.schema.translation import is_openapi_30

"""The keywords that are booleans in OpenAPI 3.0, each with the bound it refers to."""
REPAIRABLE: Final = ("/pattern", "/exclusiveMinimum", "/exclusiveMaximum", "/examples")
"""The ends of the pointers to these deviations."""


def repair_schemas(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[DocumentError, ...]]:
    """The document with repaired schemas, and the deviations that were repaired.

    Repaired are patterns of other regex engines and, in 3.1, boolean bounds of OpenAPI 3.0 and examples outside a list.
    A text that is no pattern at all is left alone.
    """
    whole, patterns = _repair_patterns(document)
    if is_openapi_30(document):
        return whole, patterns
    whole, bounds = _repair_bounds(whole)
    whole, examples = _drop_unlisted_examples(whole)
    return whole, (*patterns, *bounds, *examples)


def _repair_bounds(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[DocumentError, ...]]:
    found = list(_boolean_bounds(document))
    if not found or len(found) > MAX_DEVIATIONS:
        return document, ()
    whole = copy.deepcopy(document)
    for pointer in found:
        path = path_of(pointer)
        schema, bound = holder_of(whole, path), BOUNDS[path[-1]]
        is_open = schema.pop(path[-1])
        if is_open and bound in schema:
            schema[path[-1]] = schema.pop(bound)
    reason = "is a number in OpenAPI 3.1; its OpenAPI 3.0 meaning is used"
    return whole, tuple(DocumentError(pointer, f"{path_of(pointer)[-1]} {reason}") for pointer in found)


def _drop_unlisted_examples(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[DocumentError, ...]]:
    found = list(_unlisted_examples(document))
    if not found or len(found) > MAX_DEVIATIONS:
        return document, ()
    whole = copy.deepcopy(document)
    for pointer in found:
        drop_member(whole, path_of(pointer))
    return whole, tuple(
        DocumentError(pointer, "the examples of a schema must be a list; these are ignored") for pointer in found
    )


def _repair_patterns(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[DocumentError, ...]]:
    found = [
        (pointer, pattern, other)
        for pointer, pattern in _unreadable_patterns(document)
        if (other := repair_pattern(pattern)) is not None or is_of_another_engine(pattern)
    ]
    if not found or len(found) > MAX_DEVIATIONS:
        return document, ()
    whole = copy.deepcopy(document)
    deviations = []
    for pointer, pattern, other in found:
        path = path_of(pointer)
        if other is None:
            drop_member(whole, path)
        else:
            holder_of(whole, path)[path[-1]] = other
        reason = "is no regex of ECMA 262; every text passes it"
        if other is not None:
            reason = f"is no strict ECMA 262; it is read as {other[:80]!r}"
        deviations.append(DocumentError(pointer, f"{pattern[:80]!r} {reason}"))
    return whole, tuple(deviations)


def _unreadable_patterns(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each pattern that the regex engine can't read, with its pointer."""
    for path, key, value in iterate_members(document):
        if key == "pattern" and isinstance(value, str) and not is_readable(value):
            yield linked_pointer((path, key)), value


def _boolean_bounds(document: dict[str, Any]) -> Iterator[str]:
    """The pointer to each boolean exclusiveMinimum or exclusiveMaximum, which OpenAPI 3.0 has."""
    for path, key, value in iterate_members(document):
        if key in BOUNDS and isinstance(value, bool):
            yield linked_pointer((path, key))


def _unlisted_examples(document: dict[str, Any]) -> Iterator[str]:
    """The pointer to each `examples` of a schema that is no list. Outside of schemas OpenAPI has a mapping."""
    pending: list[tuple[LinkedPath, Any, bool]] = [(path, schema, False) for path, schema in outer_schemas(document)]
    while pending:
        path, value, is_named = pending.pop()
        if isinstance(value, dict):
            for word, each in value.items():
                if is_named or word not in VALUES:
                    pending.append(((path, word), each, not is_named and word in NAMED))
                elif word == "examples" and not isinstance(each, list):
                    yield linked_pointer((path, word))
        elif isinstance(value, list):
            pending += [((path, index), each, False) for index, each in enumerate(value)]
