"""What makes a document unusable: the first fault found in it, and where.

Rule 1: the order is from cheap to dear, and each step may rely on the ones before: references and patterns in one walk,
        then the structure, by the metaschema compiled; what is wrong with it is worked out only where something is.
Rule 2: what many published documents get wrong and nobody needs to serve them (lapse.py) is no fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

import jsonschema_rs

from mockserver.contract.loading.checking.schema_cost import LISTS, MOST, Extent
from mockserver.contract.loading.references import FILES
from mockserver.contract.pointer import pointer_of, resolved, value_at
from mockserver.contract.schema.pattern import is_readable
from mockserver.contract.schema.translation import has_format, is_openapi_30

VALUES: Final = frozenset({"example", "examples", "default", "enum", "const"})
"""Keywords that hold values, in which a $ref is no reference."""
NAMED: Final = frozenset({"properties", "patternProperties", "schemas", "$defs", "responses", "parameters", "headers"})
"""Keywords that hold things by name, and a name may be any of those above."""

BOUNDS: Final = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
"""The words that say whether a bound is open, each with the bound's."""
REASON_LENGTH: Final = 200
ENDLESS: Final = f"these schemas lead to others, and those to more, until a value is held to over {MOST} of them"

Way = tuple[Any, ...]
"""The way to a node: nothing at the root, else the way to what holds it and the last step."""


IsLapse = Callable[[str, Any], bool]
"""Tells of an error of the structure, with its pointer, whether a document is served in spite of it."""


class Fault(NamedTuple):
    """What is wrong with a document, and the pointer to it."""

    pointer: str
    reason: str


def first_fault(document: dict[str, Any], *, is_lapse: IsLapse) -> Fault | None:
    """The first thing wrong with a document, if anything is but lapses."""
    return _bad_node(document) or _bad_structure(document, is_lapse)


def structure_errors(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each error of the document's structure, in words of openapi-spec-validator, with its pointer; none is cheap."""
    metaschema = _metaschema(is_openapi_30(document))
    if metaschema.is_valid(document):
        return
    document = _suspects(document, [tuple(error.instance_path) for error in metaschema.iter_errors(document)])
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
    from openapi_spec_validator.schemas import schema_v30, schema_v31
    from openapi_spec_validator.schemas.backend.jsonschema import create_validator

    is_30 = is_openapi_30(document)
    validator = (OpenAPIV30SpecValidator if is_30 else OpenAPIV31SpecValidator)(document)
    # Its other backend, jsonschema-rs, does not hand on why each branch of a oneOf failed.
    validator.schema_validator = create_validator(schema_v30 if is_30 else schema_v31)
    for error in validator.schema_validator.iter_errors(document):
        deepest: Any = error
        while deepest.context:
            deepest = max(deepest.context, key=lambda each: (len(each.absolute_path), "$ref" not in each.message))
        if deepest.validator == "format" and has_format("regex", deepest.instance):
            continue  # a pattern of ECMA 262 that Python can't read
        yield _place(document, deepest), deepest


def unreadable_patterns(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each pattern that no text can be held to, with its pointer."""
    for way, key, value in _members(document):
        if key == "pattern" and isinstance(value, str) and not is_readable(value):
            yield _pointer((way, key)), value


def bounds_of_30(document: dict[str, Any]) -> Iterator[str]:
    """The pointer to each bound that is said as OpenAPI 3.0 says it: whether it is open, and not what it is."""
    for way, key, value in _members(document):
        if key in BOUNDS and isinstance(value, bool):
            yield _pointer((way, key))


def unlisted_examples(document: dict[str, Any]) -> Iterator[str]:
    """The pointer to each `examples` of a schema that is no list, as OpenAPI has it elsewhere."""
    pending: list[tuple[Way, Any, bool]] = [(way, schema, False) for way, schema in _schemas(document)]
    while pending:
        way, value, is_named = pending.pop()
        if isinstance(value, dict):
            for word, each in value.items():
                if is_named or word not in VALUES:
                    pending.append(((way, word), each, not is_named and word in NAMED))
                elif word == "examples" and not isinstance(each, list):
                    yield _pointer((way, word))
        elif isinstance(value, list):
            pending += [((way, index), each, False) for index, each in enumerate(value)]


def _bad_structure(document: dict[str, Any], is_lapse: IsLapse) -> Fault | None:
    for pointer, error in structure_errors(document):
        if is_lapse(pointer, error):
            continue
        return Fault(pointer, error.message.splitlines()[0][:REASON_LENGTH])
    return None


def _suspects(document: dict[str, Any], places: list[tuple[str | int, ...]]) -> dict[str, Any]:
    """The document without the paths and components in which nothing is wrong: explaining looks at every word."""
    if any(len(place) < 2 and place[:1] in ((), ("paths",), ("components",)) for place in places):
        return document
    reduced = dict(document)
    named = {place[1] for place in places if place[0] == "paths"}
    if isinstance(paths := document.get("paths"), dict):
        reduced["paths"] = {path: item for path, item in paths.items() if path in named}
    if isinstance(components := document.get("components"), dict):
        wrong = {place[1:3] for place in places if place[0] == "components"}
        reduced["components"] = {
            kind: {name: each for name, each in named_ones.items() if (kind, name) in wrong or (kind,) in wrong}
            if isinstance(named_ones, dict)
            else named_ones
            for kind, named_ones in components.items()
        }
    return reduced


@cache
def _metaschema(is_30: bool) -> Any:
    # read and not imported: the package costs half a second, and what it knows is in this file
    found = find_spec("openapi_spec_validator")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(next(iter(found.submodule_search_locations))) / "resources" / "schemas"
    schema = json.loads((folder / ("v3.0" if is_30 else "v3.1") / "schema.json").read_text("utf-8"))
    dialect = jsonschema_rs.Draft4Validator if is_30 else jsonschema_rs.Draft202012Validator
    return dialect(schema, offline=True)


def _bad_node(document: dict[str, Any]) -> Fault | None:
    is_31 = not is_openapi_30(document)
    extent, followed = Extent(document), set[str]()
    for way, key, value in _members(document):
        if key == "$ref" and isinstance(value, str):
            fault = _bad_reference(document, value, followed)
        elif key == "pattern" and isinstance(value, str):
            fault = None if is_readable(value) else f"{value[:80]!r} is no regex"
        elif key in LISTS and isinstance(value, list):
            fault = ENDLESS if extent.is_endless(value) else None
        elif is_31 and key == "schema" and isinstance(value, dict):
            if (wrong := _bad_schema(value)) is not None:
                return Fault(_pointer((way, key)) + wrong.pointer, wrong.reason)
            continue
        else:
            continue
        if fault is not None:
            return Fault(_pointer((way, key)), fault)
    for way, schema in _named_schemas(document) if is_31 else ():
        if (wrong := _bad_schema(schema)) is not None:
            return Fault(_pointer(way) + wrong.pointer, wrong.reason)
    return None


def _schemas(document: dict[str, Any]) -> Iterator[tuple[Way, dict[str, Any]]]:
    """Each schema that is within no other."""
    for way, key, value in _members(document):
        if key == "schema" and isinstance(value, dict):
            yield (way, key), value
    yield from _named_schemas(document)


def _named_schemas(document: dict[str, Any]) -> Iterator[tuple[Way, dict[str, Any]]]:
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in schemas.items() if isinstance(schemas, dict) else ():
        if isinstance(schema, dict):
            yield ((((), "components"), "schemas"), name), schema


def _bad_reference(document: dict[str, Any], ref: str, followed: set[str]) -> str | None:
    """What is wrong with a reference; `followed` are those that lead somewhere, lest a chain be followed from each."""
    if not ref.startswith("#"):
        return f"$ref {ref} leads out of the document; only local references are followed"
    if ref != "#" and not ref.startswith("#/"):
        return f"$ref {ref} names an anchor; only pointers, such as #/components/schemas/Name, are followed"
    target: Any = {"$ref": ref}
    met: set[str] = set()
    while isinstance(target, dict) and isinstance(step := target.get("$ref"), str) and step.startswith("#/"):
        if step in followed:
            break
        if step in met:
            return f"$ref {ref} leads back to itself"
        met.add(step)
        try:
            target = resolved(document, step)
        except LookupError:
            return f"$ref {step} refers to nothing"
    followed |= met
    return None


def _bad_schema(schema: dict[str, Any]) -> Fault | None:
    """What is wrong with a schema by its own metaschema, where that of OpenAPI has no say."""
    try:
        # whichever dialect it names is not looked for: that would be on the network
        jsonschema_rs.meta.validate({**schema, "$schema": "https://json-schema.org/draft/2020-12/schema"})
    except jsonschema_rs.ValidationError as error:
        return Fault(pointer_of(error.instance_path), error.message.splitlines()[0][:REASON_LENGTH])
    except ValueError as error:
        return Fault("", str(error).splitlines()[0][:REASON_LENGTH])
    return None


def _members(document: dict[str, Any]) -> Iterator[tuple[Way, str, Any]]:
    """Every member of an object that is no value, in the order of the document."""
    pending: list[tuple[Way, Any, bool]] = [((), document, False)]
    while pending:
        way, value, is_named = pending.pop()
        inner: list[tuple[Way, Any, bool]] = []
        if isinstance(value, dict):
            for key, each in value.items():
                if not is_named:
                    if key in VALUES or (key.startswith("x-") and key != FILES):
                        continue
                    yield way, key, each
                if isinstance(each, dict | list):
                    inner.append(((way, key), each, not is_named and (key in NAMED or key == FILES)))
        else:
            inner = [((way, index), each, False) for index, each in enumerate(value) if isinstance(each, dict | list)]
        pending += reversed(inner)


def _pointer(way: Way) -> str:
    steps: list[str | int] = []
    while way:
        way, step = way
        steps.append(step)
    return pointer_of(reversed(steps))


def _place(document: dict[str, Any], error: Any) -> str:
    """The pointer to an error: some are told relative to a schema, some only name a path of the API."""
    relative = pointer_of(error.absolute_path)
    for pointer in (relative, *(f"{parent}{relative}" for parent in _parents(document))) if relative else ():
        try:
            if value_at(document, pointer) == error.instance:
                return pointer
        except LookupError:
            continue
    paths = document.get("paths")
    named = [path for path in paths if repr(path) in error.message] if isinstance(paths, dict) else []
    return pointer_of(("paths", named[0])) if named else relative


def _parents(document: dict[str, Any]) -> Iterator[str]:
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while pending:
        path, value = pending.pop(0)
        yield pointer_of(path)
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        pending += [((*path, key), each) for key, each in members]
