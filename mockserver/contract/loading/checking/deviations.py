"""What many published documents get wrong, and nobody needs to serve them: mended, and told.

Rule 1: a lapse is mended by what its author can only have meant; a document with anything worse is left as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from mockserver.contract.loading.checking.document_error import (
    BOUNDS,
    REASON_LENGTH,
    Fault,
    bounds_of_30,
    structure_errors,
    unlisted_examples,
    unreadable_patterns,
)
from mockserver.contract.pointer import path_of, pointer_of, value_at
from mockserver.contract.schema.pattern import is_of_another_engine
from mockserver.contract.schema.pattern import mended as readable
from mockserver.contract.schema.translation import is_openapi_30

MOST: Final = 200
"""Beyond as many lapses it is no lapse any more."""

_TOLD: Final = frozenset({"description", "title", "version", "name", "summary", "identifier"})
"""Members that are for people alone; they may be missing."""
_NULLS: Final = _TOLD | {
    *("schema", "items", "additionalProperties", "example", "externalDocs", "tags", "deprecated", "required"),
    *("security", "parameters", "servers", "enum", "default", "format", "content", "headers", "examples"),
}
"""Members of which null says what their absence says."""

Mend = Callable[[dict[str, Any]], None]


def mended(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """The document without its lapses, and what they were; as it was where it has none, or worse than that."""
    mends: list[Mend] = []
    lapses: list[Fault] = []
    for pointer, error in structure_errors(document):
        mend = _mend(pointer, error)
        if mend is None or len(lapses) >= MOST:
            return document, ()
        mends.append(mend)
        lapses.append(Fault(pointer, error.message.splitlines()[0][:REASON_LENGTH]))
    if not lapses:
        return document, ()
    whole = copy.deepcopy(document)
    for mend in mends:
        mend(whole)
    return whole, tuple(lapses)


def with_readable_schemas(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """The document without what is easily read otherwise, and which that was.

    That is patterns of other engines and, in 3.1, bounds as OpenAPI 3.0 has them and examples as it has them elsewhere.
    What is no pattern at all is left.
    """
    whole, patterns = _with_readable_patterns(document)
    if is_openapi_30(document):
        return whole, patterns
    whole, bounds = _with_bounds_of_31(whole)
    whole, examples = _without_unlisted_examples(whole)
    return whole, (*patterns, *bounds, *examples)


def _with_bounds_of_31(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    found = list(bounds_of_30(document))
    if not found or len(found) > MOST:
        return document, ()
    whole = copy.deepcopy(document)
    for pointer in found:
        path = path_of(pointer)
        schema, bound = _holder(whole, path), BOUNDS[path[-1]]
        is_open = schema.pop(path[-1])
        if is_open and bound in schema:
            schema[path[-1]] = schema.pop(bound)
    said = "is a number in OpenAPI 3.1; it is read as OpenAPI 3.0 means it"
    return whole, tuple(Fault(pointer, f"{path_of(pointer)[-1]} {said}") for pointer in found)


def _without_unlisted_examples(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    found = list(unlisted_examples(document))
    if not found or len(found) > MOST:
        return document, ()
    whole = copy.deepcopy(document)
    for pointer in found:
        _drop(whole, path_of(pointer))
    return whole, tuple(Fault(pointer, "examples of a schema are a list; these are passed over") for pointer in found)


def _with_readable_patterns(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    found = [
        (pointer, pattern, other)
        for pointer, pattern in unreadable_patterns(document)
        if (other := readable(pattern)) is not None or is_of_another_engine(pattern)
    ]
    if not found or len(found) > MOST:
        return document, ()
    whole = copy.deepcopy(document)
    lapses = []
    for pointer, pattern, other in found:
        path = path_of(pointer)
        if other is None:
            _drop(whole, path)
        else:
            _holder(whole, path)[path[-1]] = other
        told = "is no regex of ECMA 262; no text is held to it"
        if other is not None:
            told = f"is not read as it stands; it is read as {other[:80]!r}"
        lapses.append(Fault(pointer, f"{pattern[:80]!r} {told}"))
    return whole, tuple(lapses)


def is_lapse(pointer: str, error: Any) -> bool:
    """Whether an error of the structure is one of those."""
    return _mend(pointer, error) is not None


def _mend(pointer: str, error: Any) -> Mend | None:
    """How an error is mended; None where it is none of those."""
    path = path_of(pointer)
    if error.validator in ("additionalProperties", "unevaluatedProperties", "format"):
        return _leave  # what a document says beyond the standard is nobody's loss
    if error.validator == "required":
        missing = {name for name in error.validator_value if name not in error.instance}
        return _leave if missing <= _TOLD and not _is_called_by(path) else None
    if not path:
        return None
    if path == ("info", "version") and error.validator == "type" and isinstance(error.instance, int | float):
        return lambda document: _make_text(document, path)
    if path[-1] == "name" and _is_called_by(path[:-1]):
        return None
    if error.instance is None and (path[-1] in _NULLS or path[-2:-1] == ("properties",)):
        return lambda document: _drop(document, path)
    if error.instance == "null" and path[-1] == "type":
        return lambda document: _make_null(document, path)
    return None


def _is_called_by(path: tuple[str, ...]) -> bool:
    """Whether what stands there is called by its name, which is for people alone elsewhere."""
    return path[-2:-1] in (("parameters",), ("securitySchemes",))


def _leave(_: dict[str, Any]) -> None:
    """Nothing needs to be done."""


def _drop(document: dict[str, Any], path: tuple[str, ...]) -> None:
    _holder(document, path).pop(path[-1], None)


def _make_text(document: dict[str, Any], path: tuple[str, ...]) -> None:
    """What YAML reads as a number where its author forgot the quotes."""
    holder = _holder(document, path)
    holder[path[-1]] = str(holder[path[-1]])


def _make_null(document: dict[str, Any], path: tuple[str, ...]) -> None:
    """What OpenAPI 3.0 has no word for: nothing but null."""
    schema = _holder(document, path)
    schema.pop("type", None)
    schema |= {"enum": [None], "nullable": True}


def _holder(document: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    holder = value_at(document, pointer_of(path[:-1]))
    return holder if isinstance(holder, dict) else {}
