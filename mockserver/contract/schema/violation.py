"""Violations of a schema, in words for the sender of the request or response.

A message names the given value and the expected one. It derives from the JSON Schema keyword that failed,
so that the walk and openapi-core report a violation in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from mockserver.contract.pointer import pointer_of
from mockserver.contract.schema.wording import NEEDED, joined, name_of, needed_value, shortened

Path: TypeAlias = tuple[str | int, ...]


class Violation(NamedTuple):
    """An RFC 6901 pointer to the wrong value, a message, and the keyword that failed."""

    pointer: str
    message: str
    code: str


_NOUNS: Final = {"minItems": "item", "maxItems": "item", "minProperties": "member", "maxProperties": "member"}
UNEXPLAINED = Violation("", "the body does not match its schema", "invalid")
"""The violation of a body whose faults are too deep or too many to find."""


class ValidationFailure(NamedTuple):
    """A keyword of a schema that a value fails, and the path of the value.

    `branches` are the alternatives of an anyOf or oneOf, each with its own failures.
    """

    keyword: str
    expected: Any
    given: Any
    path: Path
    schema: Mapping[str, Any]
    branches: tuple[tuple[Any, tuple[ValidationFailure, ...]], ...] = ()


def violations_of(failure: ValidationFailure, *, subject: str | None = None, note: str = "") -> Iterable[Violation]:
    """The violations of one failure: one, or one for each missing or unexpected member."""
    keyword, expected, given, path, schema, _ = failure
    name = subject or name_of(path)
    if keyword in ("required", "dependentRequired"):
        yield from _missing(failure, name, note)
    elif keyword == "additionalProperties":
        for member in expected if isinstance(expected, list) else sorted(unexpected(given, schema)):
            inner = f"{subject}.{name_of((member,))}" if subject else name_of((*path, member))
            yield Violation(pointer_of((*path, member)), f"{inner} is unknown; it is not allowed", "unknown")
    else:
        yield Violation(pointer_of(path), _sentence(failure, name, subject), keyword)


def _missing(failure: ValidationFailure, name: str, note: str) -> Iterator[Violation]:
    keyword, expected, _, path, _, _ = failure
    within = f" in {name}" if path or name != name_of(path) else ""
    if keyword == "dependentRequired":
        member, trigger = (name_of((each,)) for each in expected)
        yield Violation(pointer_of(path), f"{member} is missing{within}; {trigger} needs it", keyword)
        return
    for member in expected:
        message = f"{name_of((member,))} is missing{within}; {note or 'it is required'}"
        yield Violation(pointer_of(path), message, keyword)


def _sentence(failure: ValidationFailure, name: str, subject: str | None) -> str:
    """The message of a failure other than a missing or unexpected member."""
    keyword, expected, given, path, schema, branches = failure
    if keyword in ("readOnly", "writeOnly"):
        message = "a request" if keyword == "readOnly" else "a response"
        return f"{name} is {keyword}; it is not allowed in {message}"
    if keyword == "false":
        return f"{name} is {shortened(given)}; no value is allowed"
    if keyword == "items":
        return f"{subject or name_of(path[:-1])} has {_items(len(given))}; {_at_most(expected)} allowed"
    if keyword == "uniqueItems" and (repeated := _repeated(given)) is not None:
        return f"{name} has {shortened(repeated)} more than once; {needed_value(keyword, expected, schema)} is needed"
    if keyword in _NOUNS:
        count = len(given)
        bound = f"{_at_most(expected)} allowed" if keyword.startswith("max") else f"{_at_least(expected)} needed"
        return f"{name} has {count} {_NOUNS[keyword]}{'' if count == 1 else 's'}; {bound}"
    if keyword in ("contains", "minContains", "maxContains"):
        bound = f"{_at_most(expected)} allowed" if keyword == "maxContains" else f"{_at_least(expected)} needed"
        kind = needed_value("contains", schema.get("contains"), schema)
        return f"{name} has {_items(given)} of the kind that contains asks for ({kind}); {bound}"
    if keyword == "oneOf" and not branches:
        of = f" of the {len(schema['oneOf'])}" if "oneOf" in schema else ""
        return f"{name} fits {len(expected)}{of} alternatives, {joined(expected)}; exactly one is needed"
    if keyword == "propertyNames":
        needed = needed_value(expected.keyword, expected.expected, expected.schema)
        return f"{name} is no allowed name" + (f"; {needed} is needed" if expected.keyword in NEEDED else "")
    return f"{name} is {shortened(given)}; {needed_value(keyword, expected, schema)} is needed"


def _repeated(items: Any) -> Any:
    """The first single value that is repeated in a list; None if there is none."""
    met: set[tuple[bool, str | int | float]] = set()
    for each in items:
        if isinstance(each, str | int | float):
            if (key := (isinstance(each, bool), each)) in met:
                return each
            met.add(key)
    return None


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _at_least(count: int) -> str:
    return f"at least {count} {'is' if count == 1 else 'are'}"


def _at_most(count: int) -> str:
    return f"at most {count} {'is' if count == 1 else 'are'}"


def unexpected(given: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    """The members that the schema names neither in properties nor in patternProperties."""
    from mockserver.contract.schema.pattern import matches  # needed only for refused values

    patterns = schema.get("patternProperties", ())
    return {
        member
        for member in set(given) - set(schema.get("properties", ()))
        if not any(matches(pattern, member) for pattern in patterns)
    }
