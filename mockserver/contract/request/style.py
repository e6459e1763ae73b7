"""How a value is spelled in a path, a query, a header, a cookie or a form: OpenAPI's styles, read backwards.

A text alone does not say what it is. Each way in which the schema lets it be read is tried, the most telling first;
the first one that the schema accepts is what was meant, and the first one of all is what is complained about.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from mockserver.contract.pointer import dereferenced
from mockserver.contract.strict_json import Json

Pairs = Sequence[tuple[str, str]]
"""Names and values, in the order in which they came."""

ALL: Final = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
DELIMITERS: Final = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
DEEPEST: Final = 12

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,307})")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,307})(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_STEPS: Final = re.compile(r"\[([^\[\]]*)\]")


def kinds_of(schema: Json, document: Mapping[str, Any], depth: int = 0) -> frozenset[str]:
    """The types that a schema may let a value be."""
    told = _told(schema, document)
    if told is None or depth > DEEPEST:
        return ALL
    kinds = ALL
    if (kind := told.get("type")) is not None:
        kinds = frozenset(kind if isinstance(kind, list) else [kind])
        if told.get("nullable") is True:
            kinds |= {"null"}
    elif isinstance(told.get("enum"), list):
        kinds = frozenset(_kind(value) for value in told["enum"][:1000])
    for word in ("allOf", "anyOf", "oneOf"):
        parts = told.get(word)
        if isinstance(parts, list) and parts:
            found = [kinds_of(part, document, depth + 1) for part in parts]
            among = found[0].intersection(*found) if word == "allOf" else found[0].union(*found)
            kinds = (kinds & among) or kinds
    return kinds


def scalars(text: str, kinds: frozenset[str]) -> Iterator[Json]:
    """What a text may be that stands for a single value."""
    if "integer" in kinds and _INTEGER.fullmatch(text):
        yield int(text)
    elif "number" in kinds and _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        yield int(text) if _INTEGER.fullmatch(text) else number
    if "boolean" in kinds and text in ("true", "false"):
        yield text == "true"
    if "null" in kinds and text in ("", "null"):
        yield None
    yield text


def items_of(schema: Json, document: Mapping[str, Any]) -> Json:
    """The schema of the items, wherever it stands; the empty one where there is none."""
    return next((each["items"] for each in _parts(schema, document) if "items" in each), {})


def properties_of(schema: Json, document: Mapping[str, Any]) -> dict[str, Json]:
    """The schemas of the members, wherever they stand."""
    found: dict[str, Json] = {}
    for each in _parts(schema, document):
        properties = each.get("properties")
        found = {**(properties if isinstance(properties, dict) else {}), **found}
    return found


def cast(text: str, schema: Json, document: Mapping[str, Any]) -> Json:
    """What a text within a list or an object most likely is."""
    kinds = kinds_of(schema, document)
    candidates = list(scalars(text, kinds))
    return candidates[-1] if "string" in kinds and kinds != ALL else candidates[0] if kinds != ALL else text


def a_list(texts: Sequence[str], schema: Json, document: Mapping[str, Any]) -> list[Json]:
    """The list that several texts make."""
    items = items_of(schema, document)
    return [cast(text, items, document) for text in texts]


def an_object(pairs: Pairs, schema: Json, document: Mapping[str, Any]) -> dict[str, Json]:
    """The object that names and texts make; a name that comes several times has a list."""
    properties = properties_of(schema, document)
    gathered: dict[str, list[str]] = {}
    for name, text in pairs:
        gathered.setdefault(name, []).append(text)
    found: dict[str, Json] = {}
    for name, texts in gathered.items():
        schema_of = properties.get(name, {})
        is_list = len(texts) > 1 or kinds_of(schema_of, document) == {"array"}
        found[name] = a_list(texts, schema_of, document) if is_list else cast(texts[0], schema_of, document)
    return found


def in_turns(text: str, delimiter: str, *, explode: bool) -> list[tuple[str, str]] | None:
    """`a,1,b,2`, or exploded `a=1,b=2`, as pairs; None where it is neither."""
    parts = text.split(delimiter) if text else []
    if explode:
        pairs = [part.partition("=") for part in parts]
        return [(name, value) for name, _, value in pairs] if all(equals for _, equals, _ in pairs) else None
    return list(zip(parts[::2], parts[1::2], strict=True)) if len(parts) % 2 == 0 else None


def deep_object(name: str, pairs: Pairs, schema: Json, document: Mapping[str, Any]) -> Json | None:
    """The object that `name[a][b]=1` and the like make; None where none of the names is of that form."""
    tree: dict[str, Any] = {}
    is_given = False
    for key, text in pairs:
        steps = _STEPS.findall(key[len(name) :]) if key.startswith(f"{name}[") else []
        if not steps or "".join(f"[{step}]" for step in steps) != key[len(name) :] or len(steps) > DEEPEST:
            continue
        is_given = True
        _grow(tree, steps, text)
    return _ripe(tree, schema, document) if is_given else None


def _grow(tree: dict[str, Any], steps: Sequence[str], text: str) -> None:
    for step in steps[:-1]:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            below = tree[step] = {}
        tree = below
    held = tree.get(steps[-1])
    tree[steps[-1]] = [text] if held is None else [*held, text] if isinstance(held, list) else [text]


def _ripe(tree: dict[str, Any], schema: Json, document: Mapping[str, Any]) -> Json:
    """A tree of texts as the schema has it: names that count up make a list where one is asked for."""
    kinds = kinds_of(schema, document)
    if "array" in kinds and "object" not in kinds:
        items = items_of(schema, document)
        listed: list[Json] = []
        for below in tree.values():
            listed += [_ripe(below, items, document)] if isinstance(below, dict) else a_list(below, schema, document)
        return listed
    properties = properties_of(schema, document)
    found: dict[str, Json] = {}
    for name, below in tree.items():
        schema_of = properties.get(name, {})
        if isinstance(below, dict):
            if list(below) == [""] and isinstance(below[""], list):
                found[name] = a_list(below[""], schema_of, document)
            else:
                found[name] = _ripe(below, schema_of, document)
        else:
            is_list = len(below) > 1 or kinds_of(schema_of, document) == {"array"}
            found[name] = a_list(below, schema_of, document) if is_list else cast(below[0], schema_of, document)
    return found


def first_accepted(candidates: Sequence[Json], accepts: Callable[[Json], bool]) -> Json:
    """The first value that is accepted, else the first of all."""
    return next((value for value in candidates if accepts(value)), candidates[0])


def _told(schema: Json, document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        told = dereferenced(document, schema)
    except LookupError:
        return None
    return told if isinstance(told, dict) else None


def _parts(schema: Json, document: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    told = _told(schema, document)
    if told is None or depth > DEEPEST:
        return
    yield told
    for word in ("allOf", "anyOf", "oneOf"):
        for part in told.get(word) or () if isinstance(told.get(word), list) else ():
            yield from _parts(part, document, depth + 1)


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    names: dict[type, str] = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")
