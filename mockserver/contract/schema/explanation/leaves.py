"""Keywords that look at one value and at no schema inside of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mockserver.contract.schema.explanation.walk import Rule, Walk
from mockserver.contract.schema.pattern import matches
from mockserver.contract.schema.translation import INTEGER_RANGES
from mockserver.contract.schema.violation import Path, ValidationFailure

Failures = Iterable[ValidationFailure]

_NONE: Final[Failures] = ()
_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
    "number": (int, float),
    "integer": (int, float),
}


def has_type(name: str, value: Any, *, is_30: bool) -> bool:
    """The value has a type of JSON Schema. In OpenAPI 3.0 1.0 is no integer."""
    if isinstance(value, bool) and name != "boolean":
        return False
    if name == "integer" and isinstance(value, float):
        return not is_30 and value.is_integer()
    return isinstance(value, _TYPES.get(name, object))


def _type(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if isinstance(expected, list):
        has_one = any(has_type(name, value, is_30=walk.is_30) for name in expected)
    else:
        has_one = has_type(expected, value, is_30=walk.is_30)
    if has_one or (value is None and walk.is_30 and schema.get("nullable") is True):
        return _NONE
    return (ValidationFailure("type", expected, value, path, schema),)


def _size(keyword: str, kind: type, sign: int) -> Rule:
    """The rule of a keyword that limits the number of items or members."""

    def rule(_: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
        if isinstance(value, kind) and sign * (len(value) - expected) > 0:  # type: ignore[arg-type] # a list or a dict
            return (ValidationFailure(keyword, expected, value, path, schema),)
        return _NONE

    return rule


def _format(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if (limits := INTEGER_RANGES.get(str(expected))) is not None:
        is_integer = has_type("integer", value, is_30=walk.is_30)
        is_wrong = is_integer and not limits[0] <= value <= limits[1]
    else:
        is_wrong = isinstance(value, str) and not walk.leaf(schema, "format").is_valid(value)
    return (ValidationFailure("format", expected, value, path, schema),) if is_wrong else _NONE


def _pattern(_: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
    if isinstance(value, str) and not matches(expected, value):
        return (ValidationFailure("pattern", expected, value, path, schema),)
    return _NONE


def _alone(keyword: str, *beside: str) -> Rule:
    """The rule of a keyword that jsonschema-rs judges, with the keywords that change its meaning."""

    def rule(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
        if walk.leaf(schema, keyword, *beside).is_valid(value):
            return _NONE
        return (ValidationFailure(keyword, expected, value, path, schema),)

    return rule


def _scalar(keyword: str, kinds: tuple[type, ...], *beside: str) -> Rule:
    """The rule of a keyword that concerns numbers or texts alone."""
    whole = _alone(keyword, *beside)

    def rule(walk: Walk, expected: Any, value: Any, path: Path, schema: Mapping[str, Any]) -> Failures:
        if isinstance(value, kinds) and not isinstance(value, bool):
            return whole(walk, expected, value, path, schema)
        return _NONE

    return rule


_NUMBERS: Final = (int, float)
RULES_30: Final[Mapping[str, Rule]] = {
    "type": _type,
    "enum": _alone("enum"),
    "minimum": _scalar("minimum", _NUMBERS, "exclusiveMinimum"),
    "maximum": _scalar("maximum", _NUMBERS, "exclusiveMaximum"),
    "multipleOf": _scalar("multipleOf", _NUMBERS),
    "pattern": _pattern,
    "format": _format,
    "minLength": _scalar("minLength", (str,)),
    "maxLength": _scalar("maxLength", (str,)),
    "minItems": _size("minItems", list, -1),
    "maxItems": _size("maxItems", list, 1),
    "uniqueItems": _alone("uniqueItems"),
    "minProperties": _size("minProperties", dict, -1),
    "maxProperties": _size("maxProperties", dict, 1),
}
RULES_31: Final[Mapping[str, Rule]] = {
    **RULES_30,
    "const": _alone("const"),
    "minimum": _scalar("minimum", _NUMBERS),
    "maximum": _scalar("maximum", _NUMBERS),
    "exclusiveMinimum": _scalar("exclusiveMinimum", _NUMBERS),
    "exclusiveMaximum": _scalar("exclusiveMaximum", _NUMBERS),
}
