"""The first error that makes an effective document unusable.

Rule 1: checks run from cheap to expensive, and each relies on the ones before: first references and patterns in one
        walk, then the structure by the compiled metaschema. An error is explained only if there is one.
Rule 2: deviations (deviations.py) are no errors: many published documents have them, and they can be served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import jsonschema_rs

from mockserver.contract.contract import METHODS
from mockserver.contract.loading.checking.equality import same_key
from mockserver.contract.loading.checking.members import LinkedPath, iterate_members, linked_pointer, named_schemas
from mockserver.contract.loading.checking.metaschema import structure_errors
from mockserver.contract.loading.checking.pattern_repair import literal_parts
from mockserver.contract.loading.checking.schema_cost import COMPOSITIONS, MAX_APPLICATIONS, SchemaCost
from mockserver.contract.pointer import pointer_of, resolve_ref, value_at
from mockserver.contract.schema.pattern import is_readable
from mockserver.contract.schema.translation import is_openapi_30

MAX_REASON: Final = 200
TOO_COSTLY: Final = f"these schemas refer to others, so that over {MAX_APPLICATIONS} schemas apply to one value"

OTHER_DRAFTS: Final = frozenset({"$dynamicRef", "$recursiveRef", "$recursiveAnchor", "dependencies", "divisibleBy"})
"""Words of JSON Schema that its draft 2020-12 lacks, or that need more than one schema to be read."""

BOUNDS: Final = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_OWN_OBJECTS: Final[Mapping[str, Mapping[str, type]]] = {
    "discriminator": {"propertyName": str, "mapping": dict},
    "xml": {"name": str, "namespace": str, "prefix": str, "attribute": bool, "wrapped": bool},
    "externalDocs": {"url": str, "description": str},
}
"""The objects that OpenAPI adds to schemas: JSON Schema's metaschema does not check them."""
_NEEDED: Final = {"discriminator": "propertyName", "externalDocs": "url"}

IsTolerable = Callable[[str, Any], bool]
"""A predicate on a structural error and its pointer: the document can be served in spite of it."""


class DocumentError(NamedTuple):
    """An error of a document, and the pointer to it."""

    pointer: str
    reason: str


def find_document_error(document: dict[str, Any], *, is_tolerable: IsTolerable) -> DocumentError | None:
    """The first error of a document, apart from deviations."""
    return next(node_errors(document), None) or _structure_error(document, is_tolerable)


def _structure_error(document: dict[str, Any], is_tolerable: IsTolerable) -> DocumentError | None:
    for pointer, error in structure_errors(document):
        if is_tolerable(pointer, error):
            continue
        return DocumentError(pointer, error.message.splitlines()[0][:MAX_REASON])
    return None


def node_errors(document: dict[str, Any]) -> Iterator[DocumentError]:
    """The errors of references, patterns and words, and in OpenAPI 3.1 of schemas."""
    is_31 = not is_openapi_30(document)
    cost, followed = SchemaCost(document), set[str]()
    for path, key, value in iterate_members(document):
        if key == "$ref" and isinstance(value, str):
            error_text = reference_error(document, value, followed) or _misplaced(path, value)
        elif key == "pattern" and isinstance(value, str):
            is_sound = is_readable(value) and literal_parts(value) is None
            error_text = None if is_sound else f"{value[:80]!r} is not a valid regex"
        elif key in COMPOSITIONS and isinstance(value, list):
            error_text = TOO_COSTLY if cost.exceeds_limit(value) else None if value else f"{key} is empty"
        elif is_31 and key == "schema" and isinstance(value, dict):
            error_text = None
            if (wrong := _schema_error(value)) is not None:
                yield DocumentError(linked_pointer((path, key)) + wrong.pointer, wrong.reason)
        elif not is_31 and key in BOUNDS and isinstance(value, bool):
            holder = value_at(document, linked_pointer(path))
            error_text = None if BOUNDS[key] in holder else f"{key} has no {BOUNDS[key]} beside it"
        elif key == "enum" and isinstance(value, list):
            error_text = _enum_error(value, is_31=is_31)
        elif is_31 and key in _OWN_OBJECTS:
            error_text = _own_object_error(key, value)
        elif is_31 and key == "nullable" and isinstance(value, bool):
            error_text = "nullable is a word of OpenAPI 3.0"
        else:
            error_text = f"{key} is a word of another draft" if is_31 and key in OTHER_DRAFTS else None
        if error_text is not None:
            yield DocumentError(linked_pointer((path, key)), error_text)
    for path, schema in named_schemas(document) if is_31 else ():
        if (wrong := _schema_error(schema)) is not None:
            yield DocumentError(linked_pointer(path) + wrong.pointer, wrong.reason)


def _misplaced(path: LinkedPath, ref: str) -> str | None:
    """The error of a reference to a component of another section than its place asks for."""
    if not path or not ref.startswith("#/components/") or ref.count("/") != 3:
        return None
    holder, step = path
    within = holder[-1] if holder else None
    section = "parameters" if within == "parameters" and isinstance(step, int) else None
    section = "requestBodies" if step == "requestBody" and within in METHODS else section
    return None if section in (None, ref.split("/")[2]) else f"$ref {ref} is none of the {section}"


def _own_object_error(name: str, value: Any) -> str | None:
    """The error of an object that OpenAPI adds to a schema."""
    if not isinstance(value, dict):
        return f"{name} is no object"
    if (needed := _NEEDED.get(name)) is not None and needed not in value:
        return f"{name} has no {needed}"
    for member, each in value.items():
        kind = _OWN_OBJECTS[name].get(member, object if member.startswith("x-") else None)
        if kind is None or not isinstance(each, kind):
            return f"{member} of {name} is not valid"
    mapped = value.get("mapping", {}).values()
    return None if all(isinstance(each, str) for each in mapped) else "mapping is no map of texts"


def _enum_error(values: list[Any], *, is_31: bool) -> str | None:
    """The error of an enum: it is empty, or has a value twice, which Draft 4 refuses."""
    if not values:
        return "enum is empty, so that no value passes"
    if is_31 or (all(isinstance(each, str) for each in values) and len(set(values)) == len(values)):
        return None
    keys = {same_key(each) for each in values}
    return None if len(keys) == len(values) else "enum has a value twice"


def reference_error(document: dict[str, Any], ref: str, followed: set[str]) -> str | None:
    """The error of a reference. `followed` collects the valid ones, so that no chain is followed twice."""
    if not ref.startswith("#"):
        return f"$ref {ref} leaves the document; only local references are followed"
    if ref != "#" and not ref.startswith("#/"):
        return f"$ref {ref} names an anchor; only pointers, such as #/components/schemas/Name, are followed"
    target: Any = {"$ref": ref}
    met: set[str] = set()
    while isinstance(target, dict) and isinstance(step := target.get("$ref"), str) and step.startswith("#/"):
        if step in followed:
            break
        if step in met:
            return f"$ref {ref} refers to itself"
        met.add(step)
        try:
            target = resolve_ref(document, step)
        except LookupError:
            return f"$ref {step} refers to nothing"
    followed |= met
    return None


def _schema_error(schema: dict[str, Any]) -> DocumentError | None:
    """The error of a schema by JSON Schema's metaschema; that of OpenAPI 3.1 does not check schemas."""
    try:
        # a named dialect is replaced, since it would be fetched from the network
        jsonschema_rs.meta.validate({**schema, "$schema": "https://json-schema.org/draft/2020-12/schema"})
    except jsonschema_rs.ValidationError as error:
        return DocumentError(pointer_of(error.instance_path), error.message.splitlines()[0][:MAX_REASON])
    except ValueError as error:
        return DocumentError("", str(error).splitlines()[0][:MAX_REASON])
    return None
