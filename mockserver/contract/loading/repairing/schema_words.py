"""Repairs of single keywords of a schema: words of other drafts, and values that say nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.loading.checking.document_error import BOUNDS
from mockserver.contract.loading.checking.members import iterate_members, linked_pointer
from mockserver.contract.loading.checking.pattern_repair import (
    is_of_another_engine,
    literal_parts,
    repair_pattern,
    with_flags,
)
from mockserver.contract.loading.repairing.changes import Changes, Node, excerpt
from mockserver.contract.loading.repairing.values import converted, is_fitting
from mockserver.contract.pointer import path_of, pointer_of
from mockserver.contract.schema.pattern import is_readable

_ANCHOR: Final = re.compile(r"[A-Za-z_][-A-Za-z0-9._]*")
_OTHER_DRAFTS: Final = ("$recursiveAnchor", "$recursiveRef", "$dynamicRef", "$vocabulary")
_MATCHING_FLAGS: Final = frozenset("ims")
"""The flags of a literal that change its matches."""
_UNFOLLOWED: Final = {"$dynamicRef": "is followed only where one schema alone has the anchor"}

Anchors = Mapping[str, str]


def drop_word(node: Node, word: str, sentence: str, changes: Changes) -> None:
    """Remove a keyword and report it."""
    changes.drop(Node(node.value, word, (node.path, word), "any"), sentence)


def repair_pattern_word(node: Node, changes: Changes) -> None:
    """Read a pattern of another regex engine, or let every text pass."""
    pattern = node.value.get("pattern")
    if not isinstance(pattern, str):
        return
    place = (node.path, "pattern")
    if (literal := literal_parts(pattern)) is not None:
        body, flags = literal
        literal_form, pattern = pattern, with_flags(body, "".join(sorted(_MATCHING_FLAGS & set(flags))))
        node.value["pattern"] = pattern
        changes.report(place, f"{literal_form[:80]!r} has the slashes of a literal; it is read as {pattern[:80]!r}")
    if is_readable(pattern):
        return
    if (other := repair_pattern(pattern)) is not None:
        node.value["pattern"] = other
        changes.report(place, f"{pattern[:80]!r} is no strict ECMA 262; it is read as {other[:80]!r}")
        return
    reason = "is no regex of ECMA 262" if is_of_another_engine(pattern) else "is not a valid regex"
    drop_word(node, "pattern", f"{pattern[:80]!r} {reason}; every text passes it", changes)


def repair_bounds(node: Node, changes: Changes, *, is_30: bool) -> None:
    """Read exclusiveMinimum and exclusiveMaximum of the other OpenAPI version."""
    schema = node.value
    for word, bound in BOUNDS.items():
        if word not in schema:
            continue
        given = schema[word]
        if isinstance(given, str):
            given = next((each for kind in ("boolean", "number") if _is(each := converted(given, kind), kind)), given)
        limit = _limit(schema.get(bound))
        if is_30 and isinstance(given, bool) and limit is None:
            drop_word(node, word, f"{word} has no {bound} beside it; it is ignored", changes)
        elif isinstance(given, bool):
            if is_30 and given is schema[word]:
                continue
            del schema[word]
            if is_30:
                schema[word] = given
            elif given and limit is not None:
                schema[word] = limit
                del schema[bound]
            reason = f"{word} is a {'boolean in OpenAPI 3.0' if is_30 else 'number in OpenAPI 3.1'}"
            changes.report((node.path, word), f"{reason}; its OpenAPI 3.0 meaning is used")
        elif _is(given, "number"):
            if not is_30:
                if given is not schema[word]:
                    schema[word] = given
                    changes.report((node.path, word), f"{word} is a text; the number {given} is taken")
                continue
            is_weaker = limit is not None and (limit > given if word == "exclusiveMinimum" else limit < given)
            del schema[word]
            if not is_weaker:
                schema |= {bound: given, word: True}
            changes.report((node.path, word), f"{word} is a boolean in OpenAPI 3.0; its OpenAPI 3.1 meaning is used")
        else:
            drop_word(
                node, word, f"{word} is {excerpt(given)}, no {'boolean' if is_30 else 'number'}; it is ignored", changes
            )


def _is(value: Any, kind: str) -> bool:
    return is_fitting(value, kind)


def _limit(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def repair_numbers(node: Node, changes: Changes) -> None:
    """Drop a multipleOf that no number can be a multiple of."""
    given = node.value.get("multipleOf")
    if isinstance(given, int | float) and not isinstance(given, bool) and given <= 0:
        drop_word(node, "multipleOf", f"multipleOf {given} is not above 0; it is ignored", changes)


def repair_emptiness(node: Node, changes: Changes, *, is_30: bool) -> None:
    """Drop empty lists that would let nothing pass, or say nothing."""
    schema = node.value
    words = ("enum", "allOf", "anyOf", "oneOf", *(("required",) if is_30 else ()))
    for word in words:
        if schema.get(word) == []:
            drop_word(node, word, f"{word} is empty; it is no constraint", changes)


def find_anchors(document: dict[str, Any]) -> Anchors:
    """The pointers of the schemas with anchors and ids, for those that exist once."""
    found: dict[str, list[str]] = {}
    for path, key, value in iterate_members(document):
        if key in ("$anchor", "$dynamicAnchor", "$id") and isinstance(value, str) and value:
            found.setdefault(value.removesuffix("#") if key == "$id" else f"#{value}", []).append(linked_pointer(path))
    return {anchor: pointers[0] for anchor, pointers in found.items() if len(pointers) == 1}


def _follow_dynamic(node: Node, anchors: Anchors, changes: Changes) -> None:
    """Read a recursive or dynamic reference as a plain one, if one schema alone can be its target."""
    schema = node.value
    for word in ("$recursiveRef", "$dynamicRef"):
        given = schema.get(word)
        if "$ref" in schema or not isinstance(given, str):
            continue
        steps = path_of(linked_pointer(node.path))
        is_named = word == "$recursiveRef" and given == "#" and steps[:2] == ("components", "schemas")
        target = pointer_of(steps[:3]) if is_named else anchors.get(given) if word == "$dynamicRef" else None
        if target is not None:
            del schema[word]
            schema["$ref"] = f"#{target}"
            changes.report((node.path, word), f"{word} {given} is read as $ref #{target}")


def repair_drafts(node: Node, changes: Changes, anchors: Anchors, *, is_30: bool) -> None:
    """Give the words of other drafts their meaning, or drop those that no validator of OpenAPI reads."""
    schema = node.value
    if "divisibleBy" in schema and "multipleOf" not in schema:
        schema["multipleOf"] = schema.pop("divisibleBy")
        changes.report((node.path, "divisibleBy"), "divisibleBy is read as multipleOf")
    if is_30 and "const" in schema:
        const = schema.pop("const")
        changes.report((node.path, "const"), "OpenAPI 3.0 has no const; it is read as an enum of one value")
        schema["enum"] = [const]
    _follow_dynamic(node, anchors, changes)
    for word in _OTHER_DRAFTS:
        if word in schema:
            reason = _UNFOLLOWED.get(word, "is a word of another draft of JSON Schema")
            drop_word(node, word, f"{word} {reason}; it is ignored", changes)
    if is_30:
        return
    for word in ("$anchor", "$dynamicAnchor"):
        if word in schema and not (isinstance(schema[word], str) and _ANCHOR.fullmatch(schema[word])):
            drop_word(node, word, f"{excerpt(schema[word])} is no name of an anchor; it is ignored", changes)
    if isinstance(schema.get("$id"), str) and "#" in schema["$id"].rstrip("#"):
        drop_word(node, "$id", f"$id {excerpt(schema['$id'])} has a fragment; it is ignored", changes)
    if "examples" in schema and not isinstance(schema["examples"], list):
        drop_word(node, "examples", "the examples of a schema must be a list; these are ignored", changes)
    _repair_dependencies(node, changes)


def _repair_dependencies(node: Node, changes: Changes) -> None:
    """Read `dependencies` of Draft 7 as dependentRequired and dependentSchemas."""
    given = node.value.get("dependencies")
    if given is None:
        return
    changes.report((node.path, "dependencies"), "dependencies is read as dependentRequired and dependentSchemas")
    del node.value["dependencies"]
    for name, each in given.items() if isinstance(given, dict) else ():
        word = "dependentSchemas" if isinstance(each, dict | bool) else "dependentRequired"
        known = node.value.setdefault(word, {})
        if isinstance(known, dict):
            known.setdefault(name, [each] if isinstance(each, str) else each)


def repair_items(node: Node, changes: Changes, *, is_30: bool) -> None:
    """Read a list of schemas under items, as drafts before 2020-12 have it."""
    schema = node.value
    if not isinstance(items := schema.get("items"), list):
        return
    if not items:
        drop_word(node, "items", "items is an empty list; every item passes", changes)
    elif is_30:
        changes.report((node.path, "items"), "items is one schema in OpenAPI 3.0; a list of them is read as anyOf")
        schema["items"] = items[0] if len(items) == 1 else {"anyOf": items}
    else:
        changes.report(
            (node.path, "items"), "items is one schema in OpenAPI 3.1; a list of them is read as prefixItems"
        )
        del schema["items"]
        schema.setdefault("prefixItems", items)
        if "additionalItems" in schema:
            schema["items"] = schema.pop("additionalItems")
