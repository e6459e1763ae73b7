"""JSON Schema keywords of openapi-core's validators, adapted to the specifications.

Patterns are those of ECMA 262 and match in bounded time. In OpenAPI 3.0 the keywords beside a $ref are ignored.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # ships no types
from jsonschema.validators import create, extend  # type: ignore[import-untyped] # ships no types
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_schema_validator import OAS31Validator

from mockserver.contract.schema.pattern import matches
from mockserver.contract.schema.violation import unexpected

MAX_STEPS: Final = 10_000


class _Steps(threading.local):
    left: int = MAX_STEPS


_steps: Final = _Steps()


class TooCostly(Exception):
    """The value needs more steps than MAX_STEPS; a recursive oneOf needs any number of them."""


def start_counting() -> None:
    """Allow MAX_STEPS to the next explanation in this thread."""
    _steps.left = MAX_STEPS


def _counted(keyword: Any) -> Any:
    def check(*given: Any) -> Iterator[ValidationError]:
        _steps.left -= 1
        if _steps.left < 0:
            raise TooCostly
        yield from keyword(*given) or ()

    return check


def validators_factory(validator: Any) -> SchemaValidatorsFactory:
    """The factory of the adapted validators, from a validator class of openapi-schema-validator."""
    known = validator.VALIDATORS["additionalProperties"]
    keywords = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties(known),
    }
    every = {**validator.VALIDATORS, **keywords}
    adapted = extend(validator, {name: _counted(keyword) for name, keyword in every.items()})
    if validator is not OAS31Validator:
        adapted = create(
            adapted.META_SCHEMA,
            adapted.VALIDATORS,
            type_checker=adapted.TYPE_CHECKER,
            format_checker=adapted.FORMAT_CHECKER,
            applicable_validators=_without_ref_siblings,
        )
    return SchemaValidatorsFactory(adapted, validator.FORMAT_CHECKER)


def _without_ref_siblings(schema: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return [("$ref", schema["$ref"])] if "$ref" in schema else schema.items()


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(instance, "object"):
        for pattern, schema in patterns.items():
            for name, value in instance.items():
                if matches(pattern, name):
                    yield from validator.descend(value, schema, path=name, schema_path=pattern)


def _additional_properties(known: Any) -> Any:
    """The known `additionalProperties`, except for objects whose schema has patternProperties."""

    def check(validator: Any, additional: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not schema.get("patternProperties") or not validator.is_type(instance, "object"):
            yield from known(validator, additional, instance, schema) or ()
            return
        extra = unexpected(instance, schema)
        if validator.is_type(additional, "object"):
            for name in sorted(extra):
                yield from validator.descend(instance[name], additional, path=name)
        elif not additional and extra:
            yield ValidationError(f"Additional properties are not allowed ({', '.join(sorted(extra))})")

    return check
