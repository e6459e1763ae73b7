"""Errors of jsonschema, as openapi-core raises them, turned into violations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # ships no types

from mockserver.contract.schema.explanation.relevance import relevant_violations, without_mistyped
from mockserver.contract.schema.violation import ValidationFailure, Violation


def violations_in(errors: Iterable[Exception], is_excused: Callable[[ValidationError], bool]) -> tuple[Violation, ...]:
    """The violations that the errors stand for, each once, without the excused ones."""
    found: list[Violation] = []
    for error in errors:
        causes = list(_schema_errors(error))
        if not causes:
            found.append(Violation("", _last_cause(error), "invalid"))
        found += relevant_violations(_failure(cause) for cause in causes if not is_excused(cause))
    return without_mistyped(found)


def _schema_errors(error: BaseException | None) -> Iterator[ValidationError]:
    while error is not None:
        yield from getattr(error, "schema_errors", ())
        error = error.__cause__


def _last_cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__


def _failure(error: ValidationError) -> ValidationFailure:
    expected: Any = error.validator_value
    if error.validator == "required":
        expected = missing_members(error)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    is_choice = error.validator in ("anyOf", "oneOf")
    branches = _branches(error) if is_choice and error.context else ()
    if is_choice:
        expected = []
    # other keywords than these get their words from the walk; openapi-core is asked only where the walk finds nothing
    keyword = str(error.validator) if error.validator not in _WORDED_BY_THE_WALK else "invalid"
    return ValidationFailure(keyword, expected, error.instance, tuple(error.absolute_path), schema, branches)


_WORDED_BY_THE_WALK = frozenset(
    {"items", "contains", "minContains", "maxContains", "propertyNames", "dependentRequired", "readOnly", "writeOnly"}
)


def _branches(error: ValidationError) -> tuple[tuple[Any, tuple[ValidationFailure, ...]], ...]:
    found: dict[int, list[ValidationFailure]] = {}
    for cause in error.context or ():
        found.setdefault(int(cause.schema_path[0]), []).append(_failure(cause))
    return tuple((error.validator_value[index], tuple(failures)) for index, failures in found.items())


def missing_members(error: ValidationError) -> list[str]:
    """The member that an error of the keyword `required` misses."""
    return [name for name in error.validator_value if error.message == f"{name!r} is a required property"]
