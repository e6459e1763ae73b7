"""Members and items that a schema evaluates, itself or through the schemas that it applies to the same value.

The keywords unevaluatedProperties and unevaluatedItems concern the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.schema.explanation.walk import Walk
from mockserver.contract.schema.pattern import matches
from mockserver.contract.schema.violation import Path


def evaluated_members(
    walk: Walk, schema: Any, value: Mapping[str, Any], path: Path, *, is_own: bool = False
) -> set[str]:
    """The names of the members that the schema evaluates; `is_own` leaves its unevaluatedProperties out."""
    if not isinstance(schema, Mapping) or not walk.spend(1 + len(value) // 10):
        return set()
    if "additionalProperties" in schema or ("unevaluatedProperties" in schema and not is_own):
        return set(value)
    patterns = schema.get("patternProperties") or ()
    found = set(value) & set(schema.get("properties") or ())
    found |= {name for name in value if any(matches(pattern, name) for pattern in patterns)}
    for part in _applied(walk, schema, value, path):
        found |= evaluated_members(walk, part, value, path)
    return found


def evaluated_items(walk: Walk, schema: Any, value: list[Any], path: Path, *, is_own: bool = False) -> set[int]:
    """The places of the items that the schema evaluates; `is_own` leaves its unevaluatedItems out."""
    if not isinstance(schema, Mapping) or not walk.spend(1 + len(value) // 10):
        return set()
    if "items" in schema or ("unevaluatedItems" in schema and not is_own):
        return set(range(len(value)))
    found = set(range(min(len(value), len(schema.get("prefixItems") or ()))))
    if "contains" in schema:
        found |= {index for index, item in enumerate(value) if walk.accepts(schema["contains"], item, (*path, index))}
    for part in _applied(walk, schema, value, path):
        found |= evaluated_items(walk, part, value, path)
    return found


def _applied(walk: Walk, schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[Any]:
    """The schemas that apply to the same value and accept it."""
    if isinstance(schema.get("$ref"), str):
        yield walk.resolve(schema["$ref"])
    for word in ("allOf", "anyOf", "oneOf"):
        yield from (part for part in schema.get(word) or () if walk.accepts(part, value, path))
    if "if" in schema:
        is_met = walk.accepts(schema["if"], value, path)
        yield from (schema["if"], schema.get("then")) if is_met else (schema.get("else"),)
    for trigger, part in (schema.get("dependentSchemas") or {}).items():
        if isinstance(value, Mapping) and trigger in value:
            yield part
