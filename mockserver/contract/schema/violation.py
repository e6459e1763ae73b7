"""Violations of a schema, in words for the sender of the request or response.

A message names the given value and the expected one. It derives from the JSON Schema keyword that failed,
so that the compiled validators and openapi-core report a violation in the same words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from mockserver.contract.pointer import pointer_of

GIVEN_LENGTH: Final = 60


class Violation(NamedTuple):
    """An RFC 6901 pointer to the wrong value, a message, and the keyword that failed."""

    pointer: str
    message: str
    code: str


class ValidationFailure(NamedTuple):
    """A keyword of a schema that a value fails, and the path of the value."""

    keyword: str
    expected: Any
    given: Any
    path: tuple[str | int, ...]
    schema: Mapping[str, Any]


def violations_of(failure: ValidationFailure, *, subject: str | None = None, note: str = "") -> Iterable[Violation]:
    """The violations of one failure: one, or one for each missing or unexpected member."""
    keyword, expected, given, path, schema = failure
    name = subject or _name(path)
    if keyword == "required":
        for member in expected if isinstance(expected, list | tuple) else (expected,):
            if member not in given:
                within = f" in {name}" if path else ""
                yield Violation(pointer_of(path), f"{member} is missing{within}; {note or 'it is required'}", keyword)
    elif keyword == "additionalProperties":
        for member in expected if isinstance(expected, list) else sorted(unexpected(given, schema)):
            yield Violation(
                pointer_of((*path, member)), f"{_name((*path, member))} is unknown; it is not allowed", "unknown"
            )
    else:
        needed = NEEDED.get(keyword, _other)(expected, schema)
        yield Violation(pointer_of(path), f"{name} is {shortened(given)}; {needed} is needed", keyword)


def shortened(value: Any) -> str:
    """A value as JSON, shortened to fit into a sentence."""
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "an array" if value else "an empty array"
    text = json.dumps(value)
    return text if len(text) <= GIVEN_LENGTH else f"{text[:GIVEN_LENGTH]}…"


def _name(path: Iterable[str | int]) -> str:
    return ".".join(json.dumps(str(step))[1:-1][:GIVEN_LENGTH] for step in path) or "the body"


def unexpected(given: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    """The members that the schema names neither in properties nor in patternProperties."""
    from mockserver.contract.schema.pattern import matches  # needed only for refused values

    patterns = schema.get("patternProperties", ())
    return {
        member
        for member in set(given) - set(schema.get("properties", ()))
        if not any(matches(pattern, member) for pattern in patterns)
    }


def _types(expected: Any, _: Mapping[str, Any]) -> str:
    names = expected if isinstance(expected, list) else [expected]
    return " or ".join(name if name == "null" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names)


def _options(expected: Any, _: Mapping[str, Any]) -> str:
    options = ", ".join(shortened(option) for option in expected)
    return options if len(expected) == 1 else f"one of {options}"


def _multiple(expected: Any, _: Mapping[str, Any]) -> str:
    return "a whole number" if expected == 1 else f"a multiple of {expected}"


def _pattern(expected: Any, schema: Mapping[str, Any]) -> str:
    return _description(schema) or f"text of the form {expected}"


def _at_least(expected: Any, schema: Mapping[str, Any]) -> str:
    return f"more than {expected}" if schema.get("exclusiveMinimum") is True else f"at least {expected}"


def _at_most(expected: Any, schema: Mapping[str, Any]) -> str:
    return f"less than {expected}" if schema.get("exclusiveMaximum") is True else f"at most {expected}"


def _other(_: Any, schema: Mapping[str, Any]) -> str:
    return _description(schema) or "something else"


def _description(schema: Mapping[str, Any]) -> str:
    """The title if it is a phrase that describes the value; in many documents it is a name."""
    title = str(schema.get("title") or "")
    return title if title[:1].islower() and " " in title else ""


NEEDED: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], str]]] = {
    "type": _types,
    "enum": _options,
    "const": lambda expected, _: shortened(expected),
    "minimum": _at_least,
    "maximum": _at_most,
    "exclusiveMinimum": lambda expected, _: f"more than {expected}",
    "exclusiveMaximum": lambda expected, _: f"less than {expected}",
    "multipleOf": _multiple,
    "pattern": _pattern,
    "format": lambda expected, _: f"text in the format {expected}",
    "minLength": lambda expected, _: "text that is not empty" if expected == 1 else f"text of at least {expected}",
    "maxLength": lambda expected, _: f"text of at most {expected} characters",
    "minItems": lambda expected, _: f"an array of at least {expected}",
    "maxItems": lambda expected, _: f"an array of at most {expected}",
    "uniqueItems": lambda *_: "an array without repeats",
    "minProperties": lambda expected, _: f"an object of at least {expected} members",
    "maxProperties": lambda expected, _: f"an object of at most {expected} members",
}
"""The description of a valid value, by the keyword that failed."""
