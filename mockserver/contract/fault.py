"""What makes a document unusable: the first fault found in it, and where.

The order is from cheap to dear, and each step may rely on the ones before: references, then the structure (by
openapi-spec-validator), then the schemas themselves (by compiling them).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from mockserver.contract.contract import Contract
from mockserver.contract.pointer import pointer_of, resolved, value_at
from mockserver.contract.schema import has_format, is_openapi_30

VALUES: Final = frozenset({"example", "examples", "default", "enum", "const"})
"""Keywords that hold values, in which a $ref is no reference."""
NAMED: Final = frozenset({"properties", "patternProperties", "schemas", "$defs", "responses", "parameters", "headers"})
"""Keywords that hold things by name, and a name may be any of those above."""

REASON_LENGTH: Final = 200


class Fault(NamedTuple):
    """What is wrong with a document, and the pointer to it."""

    pointer: str
    reason: str


def first_fault(document: dict[str, Any]) -> Fault | None:
    """The first thing wrong with a document, if anything is."""
    return _bad_reference(document) or _bad_structure(document) or _bad_schema(document)


def _bad_reference(document: dict[str, Any]) -> Fault | None:
    for path, ref in _references(document):
        if not ref.startswith("#"):
            return Fault(pointer_of(path), f"$ref {ref} leads out of the document; only local references are followed")
        target: Any = {"$ref": ref}
        met: set[str] = set()
        while isinstance(target, dict) and isinstance(step := target.get("$ref"), str) and step.startswith("#/"):
            if step in met:
                return Fault(pointer_of(path), f"$ref {ref} leads back to itself")
            met.add(step)
            try:
                target = resolved(document, step)
            except LookupError:
                return Fault(pointer_of(path), f"$ref {step} refers to nothing")
    return None


def _references(document: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    pending: list[tuple[tuple[str | int, ...], Any, bool]] = [((), document, False)]
    while pending:
        path, value, is_named = pending.pop()
        if isinstance(value, dict):
            if not is_named and isinstance(value.get("$ref"), str):
                yield (*path, "$ref"), value["$ref"]
            for key, each in value.items():
                if is_named or not (key in VALUES or key.startswith("x-")):
                    pending.append(((*path, key), each, not is_named and key in NAMED))
        elif isinstance(value, list):
            pending += [((*path, index), each, False) for index, each in enumerate(value)]


def _bad_structure(document: dict[str, Any]) -> Fault | None:
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
    from openapi_spec_validator.schemas import schema_v30, schema_v31
    from openapi_spec_validator.schemas.backend.jsonschema import create_validator

    is_30 = is_openapi_30(document)
    validator = (OpenAPIV30SpecValidator if is_30 else OpenAPIV31SpecValidator)(document)
    # Its other backend, jsonschema-rs, does not hand on why each branch of a oneOf failed.
    validator.schema_validator = create_validator(schema_v30 if is_30 else schema_v31)
    for error in validator.iter_errors():
        deepest: Any = error
        while deepest.context:
            deepest = max(deepest.context, key=lambda each: (len(each.absolute_path), "$ref" not in each.message))
        if deepest.validator == "format" and has_format("regex", deepest.instance):
            continue  # a pattern of ECMA 262 that Python can't read
        return Fault(_place(document, deepest), deepest.message.splitlines()[0][:REASON_LENGTH])
    return None


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


def _bad_schema(document: dict[str, Any]) -> Fault | None:
    contract = Contract(document)
    for path in document.get("paths") or {}:
        item = contract.path(path)
        for method in item.methods if item else ():
            operation = item.operation(method) if item else None
            try:
                if operation is not None:
                    operation.compile()
            except ValueError as error:
                reason = str(error).splitlines()[0]
                return Fault(pointer_of(("paths", path, method.lower())), f"a schema can't be compiled: {reason}")
    return None
