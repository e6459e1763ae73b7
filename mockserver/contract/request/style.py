"""Parameter styles of OpenAPI, read backwards: from text to a value.

A text does not show its type. Each reading that the schema allows is tried, the most specific first. The first reading
that the schema accepts is the value; if it accepts none, the first reading is reported.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from mockserver.contract.request.encoded_text import split_text
from mockserver.contract.schema.members import Members
from mockserver.contract.schema.structure import items_of, read_types_of
from mockserver.contract.strict_json import Json

Pairs = Sequence[tuple[str, str]]
"""Names and values, in the order of the request."""

DELIMITERS: Final = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
MAX_STEPS: Final = 12

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,307})")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,307})(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_STEPS: Final = re.compile(r"\[([^\[\]]*)\]")


def scalar_values(text: str, types: frozenset[str]) -> Iterator[Json]:
    """The readings of a text as a single value, the most specific first."""
    if "integer" in types and _INTEGER.fullmatch(text):
        yield int(text)
    elif "number" in types and _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        yield int(text) if _INTEGER.fullmatch(text) else number
    if "boolean" in types and text in ("true", "false"):
        yield text == "true"
    if "null" in types and text in ("", "null"):
        yield None
    yield str(text)


def cast_text(text: str, schema: Json, document: Mapping[str, Any]) -> Json:
    """The most likely reading of a text within a list or an object."""
    types = read_types_of(schema, document)
    candidates = list(scalar_values(text, types))
    return candidates[-1] if "string" in types else candidates[0]


def list_value(texts: Sequence[str], schema: Json, document: Mapping[str, Any]) -> list[Json]:
    """The list of the given texts."""
    items = items_of(schema, document)
    return [cast_text(text, items, document) for text in texts]


def object_value(pairs: Pairs, schema: Json, document: Mapping[str, Any]) -> dict[str, Json]:
    """The object of the given names and texts. The texts of a repeated name form a list."""
    members = Members(schema, document)
    grouped: dict[str, list[str]] = {}
    for name, text in pairs:
        grouped.setdefault(str(name), []).append(text)
    return {name: member_value(texts, members.schema_of(name), document) for name, texts in grouped.items()}


def member_value(texts: Sequence[str], schema: Json, document: Mapping[str, Any]) -> Json:
    """The value of the texts that are given under the name of a member."""
    is_list = len(texts) > 1 or read_types_of(schema, document) - {"null"} == {"array"}
    return list_value(texts, schema, document) if is_list else cast_text(texts[0], schema, document)


def split_pairs(text: str, delimiter: str, *, explode: bool) -> list[tuple[str, str]] | None:
    """The pairs of `a,1,b,2`, or exploded of `a=1,b=2`; None if the text has another form."""
    parts = split_text(text, delimiter) if text else []
    if explode:
        halves = [split_text(part, "=") for part in parts]
        if not all(len(half) > 1 for half in halves):
            return None
        return [(half[0], half[1] if len(half) == 2 else "=".join(half[1:])) for half in halves]
    return list(zip(parts[::2], parts[1::2], strict=True)) if len(parts) % 2 == 0 else None


def deep_object_value(name: str, pairs: Pairs, schema: Json, document: Mapping[str, Any]) -> Json | None:
    """The object of names such as `name[a][b]`; None if no name has that form."""
    tree: dict[str, Any] = {}
    is_given = False
    for key, text in pairs:
        steps = _STEPS.findall(key[len(name) :]) if key.startswith(f"{name}[") else []
        if not steps or "".join(f"[{step}]" for step in steps) != key[len(name) :] or len(steps) > MAX_STEPS:
            continue
        is_given = True
        _insert(tree, steps, text)
    return _tree_value(tree, schema, document) if is_given else None


def _insert(tree: dict[str, Any], steps: Sequence[str], text: str) -> None:
    for step in steps[:-1]:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            below = tree[step] = {}
        tree = below
    texts = tree.get(steps[-1])
    tree[steps[-1]] = [text] if texts is None else [*texts, text] if isinstance(texts, list) else [text]


def _tree_value(tree: dict[str, Any], schema: Json, document: Mapping[str, Any]) -> Json:
    """The value of a tree of texts. Where the schema asks for a list, numbered names form one."""
    types = read_types_of(schema, document)
    if "array" in types and "object" not in types:
        items = items_of(schema, document)
        listed: list[Json] = []
        for below in tree.values():
            is_tree = isinstance(below, dict)
            listed += [_tree_value(below, items, document)] if is_tree else list_value(below, schema, document)
        return listed
    members = Members(schema, document)
    found: dict[str, Json] = {}
    for name, below in tree.items():
        member = members.schema_of(name)
        if not isinstance(below, dict):
            found[name] = member_value(below, member, document)
        elif list(below) == [""] and isinstance(below[""], list):
            found[name] = list_value(below[""], member, document)
        else:
            found[name] = _tree_value(below, member, document)
    return found


def first_accepted(candidates: Sequence[Json], accepts: Callable[[Json], bool]) -> Json:
    """The first accepted value; the very first one if none is accepted."""
    return next((value for value in candidates if accepts(value)), candidates[0])
