"""Words for values: their names, the given ones in short, and the needed ones by the keyword that failed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any, Final

GIVEN_LENGTH: Final = 60


def name_of(path: Iterable[str | int]) -> str:
    """The name of the value at a path."""
    steps = [encode_basestring_ascii(str(step)) for step in path]
    return ".".join([step[1:-1][:GIVEN_LENGTH] or step for step in steps]) or "the body"


def shortened(value: Any) -> str:
    """A value as JSON, shortened to fit into a sentence."""
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, list):
        return "an array" if value else "an empty array"
    text = json.dumps(value)
    return text if len(text) <= GIVEN_LENGTH else f"{text[:GIVEN_LENGTH]}…"


def joined(words: Sequence[str]) -> str:
    """The words in a row: `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def needed_value(keyword: str, expected: Any, schema: Mapping[str, Any]) -> str:
    """The description of a value that the keyword accepts."""
    return NEEDED.get(keyword, _other)(expected, schema)


def _types(expected: Any, schema: Mapping[str, Any]) -> str:
    names = expected if isinstance(expected, list) else [expected]
    if schema.get("nullable") is True and "null" not in names:
        names = [*names, "null"]
    return " or ".join(name if name == "null" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names)


def _option(value: Any) -> str:
    """A value that is needed as it is; unlike a given one, it is shown with its members."""
    text = json.dumps(value)
    return text if len(text) <= GIVEN_LENGTH else shortened(value)


def _options(expected: Any, _: Mapping[str, Any]) -> str:
    options = ", ".join(map(_option, expected))
    return options if len(expected) == 1 else f"one of {options}"


def _multiple(expected: Any, _: Mapping[str, Any]) -> str:
    return "a whole number" if expected == 1 else f"a multiple of {expected}"


def _pattern(expected: Any, schema: Mapping[str, Any]) -> str:
    return _description(schema) or f"text of the form {expected}"


def _at_least(expected: Any, schema: Mapping[str, Any]) -> str:
    return f"more than {expected}" if schema.get("exclusiveMinimum") is True else f"at least {expected}"


def _at_most(expected: Any, schema: Mapping[str, Any]) -> str:
    return f"less than {expected}" if schema.get("exclusiveMaximum") is True else f"at most {expected}"


def _format(expected: Any, _: Mapping[str, Any]) -> str:
    return f"{'a number' if str(expected).startswith('int') else 'text'} in the format {expected}"


def _contains(expected: Any, _: Mapping[str, Any]) -> str:
    return _kind(expected) or "its schema"


def _not(expected: Any, schema: Mapping[str, Any]) -> str:
    if title := _description(schema):
        return title
    if expected in ({}, True):
        return "no value at all"
    if isinstance(expected, dict) and "required" in expected and set(expected) <= {"required", "type"}:
        names = [str(name) for name in expected["required"]]
        return f"an object without {joined(names)}{' together' if len(names) > 1 else ''}"
    return f"anything but {_kind(expected) or 'a value of the schema under not'}"


def _kind(schema: Any) -> str:
    """The values of a simple schema, in words; nothing if the schema is not simple."""
    if not isinstance(schema, dict):
        return ""
    if isinstance(ref := schema.get("$ref"), str):
        return f"a value of {ref.rpartition('/')[2]}"
    known = [word for word in ("const", "enum", "pattern", "format", "type") if word in schema]
    is_simple = bool(known) and set(schema) <= {known[0], "type"}
    return needed_value(known[0], schema[known[0]], schema) if is_simple else ""


def _other(_: Any, schema: Mapping[str, Any]) -> str:
    return _description(schema) or "something else"


def _description(schema: Mapping[str, Any]) -> str:
    """The title if it is a phrase that describes the value; in many documents it is a name."""
    title = str(schema.get("title") or "")
    return title if title[:1].islower() and " " in title else ""


NEEDED: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], str]]] = {
    "type": _types,
    "enum": _options,
    "discriminator": _options,
    "const": lambda expected, _: _option(expected),
    "minimum": _at_least,
    "maximum": _at_most,
    "exclusiveMinimum": lambda expected, _: f"more than {expected}",
    "exclusiveMaximum": lambda expected, _: f"less than {expected}",
    "multipleOf": _multiple,
    "pattern": _pattern,
    "format": _format,
    "minLength": lambda expected, _: (
        "text that is not empty" if expected == 1 else f"text of at least {expected} characters"
    ),
    "maxLength": lambda expected, _: f"text of at most {expected} characters",
    "uniqueItems": lambda *_: "an array without repeats",
    "not": _not,
    "contains": _contains,
}
"""The description of a valid value, by the keyword that failed."""
