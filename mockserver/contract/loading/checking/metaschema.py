"""The structure of a document, checked by the metaschema of its OpenAPI version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from mockserver.contract.pointer import pointer_of, value_at
from mockserver.contract.schema.formats import has_format
from mockserver.contract.schema.translation import is_openapi_30


def structure_errors(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each structural error, in the words of openapi-spec-validator, with its pointer.

    Without errors this is cheap: only an explanation needs openapi-spec-validator.
    """
    metaschema = _metaschema(is_openapi_30(document))
    if metaschema.is_valid(document):
        return
    document = _invalid_part(document, [tuple(error.instance_path) for error in metaschema.iter_errors(document)])
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
    from openapi_spec_validator.schemas import schema_v30, schema_v31
    from openapi_spec_validator.schemas.backend.jsonschema import create_validator

    is_30 = is_openapi_30(document)
    validator = (OpenAPIV30SpecValidator if is_30 else OpenAPIV31SpecValidator)(document)
    # its other backend, jsonschema-rs, does not report why each branch of a oneOf failed
    validator.schema_validator = create_validator(schema_v30 if is_30 else schema_v31)
    for error in validator.schema_validator.iter_errors(document):
        deepest: Any = error
        while deepest.context:
            deepest = max(deepest.context, key=lambda each: (len(each.absolute_path), "$ref" not in each.message))
        if deepest.validator == "format" and has_format("regex", deepest.instance):
            continue  # a pattern of ECMA 262 that Python can't read
        yield _pointer_to(document, deepest), deepest


def has_structure(document: dict[str, Any]) -> bool:
    """The document is valid by the metaschema."""
    return bool(_metaschema(is_openapi_30(document)).is_valid(document))


def failing_places(document: dict[str, Any]) -> list[tuple[str | int, ...]]:
    """The paths to the values that the metaschema refuses."""
    return [tuple(error.instance_path) for error in _metaschema(is_openapi_30(document)).iter_errors(document)]


def _invalid_part(document: dict[str, Any], places: list[tuple[str | int, ...]]) -> dict[str, Any]:
    """The document without its valid paths and components, since an explanation walks all of it."""
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
    # the file is read without an import of the package, which takes half a second
    found = find_spec("openapi_spec_validator")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(next(iter(found.submodule_search_locations))) / "resources" / "schemas"
    schema = json.loads((folder / ("v3.0" if is_30 else "v3.1") / "schema.json").read_text("utf-8"))
    dialect = jsonschema_rs.Draft4Validator if is_30 else jsonschema_rs.Draft202012Validator
    return dialect(schema, offline=True)


def _pointer_to(document: dict[str, Any], error: Any) -> str:
    """The pointer to an error. Some errors are relative to a schema, and some only name a path of the API."""
    relative = pointer_of(error.absolute_path)
    for pointer in (relative, *(f"{parent}{relative}" for parent in _pointers(document))) if relative else ():
        try:
            if value_at(document, pointer) == error.instance:
                return pointer
        except LookupError:
            continue
    paths = document.get("paths")
    named = [path for path in paths if repr(path) in error.message] if isinstance(paths, dict) else []
    return pointer_of(("paths", named[0])) if named else relative


def _pointers(document: dict[str, Any]) -> Iterator[str]:
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while pending:
        path, value = pending.pop(0)
        yield pointer_of(path)
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        pending += [((*path, key), each) for key, each in members]
