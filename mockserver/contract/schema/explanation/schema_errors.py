"""Errors of jsonschema, as openapi-core raises them, turned into violations.

Of an anyOf or oneOf only the errors of the most likely branch are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # ships no types

from mockserver.contract.schema.violation import ValidationFailure, Violation, violations_of


def violations_in(errors: Iterable[Exception], is_excused: Callable[[ValidationError], bool]) -> tuple[Violation, ...]:
    """The violations that the errors stand for, each once, without the excused ones."""
    found: dict[Violation, None] = {}
    for error in errors:
        causes = list(_schema_errors(error))
        if not causes:
            found[Violation("", _last_cause(error), "invalid")] = None
        for note, cause in _relevant(causes):
            if not is_excused(cause):
                found.update(dict.fromkeys(violations_of(_failure(cause), note=note)))
    # the other keywords say nothing more about a value of the wrong type
    mistyped = {violation.pointer for violation in found if violation.code == "type"}
    return tuple(each for each in found if each.code == "type" or each.pointer not in mistyped)


def _schema_errors(error: BaseException | None) -> Iterator[ValidationError]:
    while error is not None:
        yield from getattr(error, "schema_errors", ())
        error = error.__cause__


def _last_cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__


def _relevant(errors: Iterable[ValidationError], note: str = "") -> Iterator[tuple[str, ValidationError]]:
    """The relevant errors, each with a note: the description of the branch it lies in."""
    plain = [error for error in errors if not (error.validator in ("anyOf", "oneOf") and error.context)]
    yield from ((note, error) for error in plain)
    reported = {tuple(error.absolute_path) for error in plain if error.validator != "required"}
    for error in errors:
        if error not in plain:
            branch, likely = _likely_branch(error, reported)
            description = branch.get("description", "") if isinstance(branch, Mapping) else ""
            yield from _relevant(likely, note=description)


def _likely_branch(
    error: ValidationError, reported: Collection[tuple[str | int, ...]]
) -> tuple[Any, list[ValidationError]]:
    branches: dict[int, list[ValidationError]] = {}
    for cause in error.context or ():
        branches.setdefault(int(cause.schema_path[0]), []).append(cause)
    for index, causes in branches.items():
        branches[index] = [
            cause for cause in causes if tuple(cause.absolute_path) not in reported or cause.validator == "required"
        ]
    index = min(branches, key=lambda each: (sum(_is_choice(cause) for cause in branches[each]), len(branches[each])))
    return error.validator_value[index], branches[index]


def _is_choice(error: ValidationError) -> bool:
    """The error shows that another branch is meant: a fixed value differs."""
    return error.validator == "const" or (error.validator == "enum" and len(error.validator_value) == 1)


def _failure(error: ValidationError) -> ValidationFailure:
    expected = error.validator_value
    if error.validator == "required":
        expected = missing_members(error)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    return ValidationFailure(str(error.validator), expected, error.instance, tuple(error.absolute_path), schema)


def missing_members(error: ValidationError) -> list[str]:
    """The member that an error of the keyword `required` misses."""
    return [name for name in error.validator_value if error.message == f"{name!r} is a required property"]
