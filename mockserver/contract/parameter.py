"""Query parameters: from the text of a query to values with types and defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

from mockserver.contract.pointer import dereferenced
from mockserver.contract.schema import failures_of, validator
from mockserver.contract.violation import Violation, violations_of

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,307})")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,307})(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?")


class Parameter(NamedTuple):
    """A declared query parameter."""

    name: str
    schema: Mapping[str, Any]
    items: Mapping[str, Any] | None
    explode: bool
    required: bool
    validator: Any

    def value(self, texts: list[str]) -> Any:
        """The value that the query's texts stand for; a text that fits no type stays text."""
        if self.items is None:
            return _cast(texts[0], self.schema)
        parts = texts if self.explode else texts[0].split(",")
        return [_cast(part, self.items) for part in parts]

    def violations(self, value: Any) -> Iterable[Violation]:
        """What is wrong with a value, said of this parameter."""
        for failure in failures_of(self.validator, value):
            for violation in violations_of(failure._replace(path=()), subject=self.name):
                yield violation._replace(pointer="")


def parameters_of(
    item: Mapping[str, Any], operation: Mapping[str, Any], document: Mapping[str, Any]
) -> tuple[Parameter, ...]:
    """The query parameters of an operation; its own win over its path's."""
    found: dict[str, Parameter] = {}
    for each in (*(item.get("parameters") or ()), *(operation.get("parameters") or ())):
        data = dereferenced(document, each)
        if data.get("in") != "query" or "schema" not in data:
            continue
        schema = dereferenced(document, data["schema"])
        items = dereferenced(document, schema.get("items", {})) if _type(schema) == "array" else None
        found[data["name"]] = Parameter(
            name=data["name"],
            schema=schema,
            items=items,
            explode=data.get("explode", data.get("style", "form") == "form"),
            required=data.get("required") is True,
            validator=validator(schema, document, "request"),
        )
    return tuple(found.values())


def read_query(parameters: Iterable[Parameter], query: str) -> tuple[dict[str, Any], tuple[Violation, ...]]:
    """The values of a query, defaults where it is silent, and every fault."""
    try:
        given = _parsed(query)
    except UnicodeDecodeError:
        return {}, (Violation("", "the query is not UTF-8", "encoding"),)
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for parameter in parameters:
        texts = given.get(parameter.name)
        if texts is None:
            if "default" in parameter.schema:
                values[parameter.name] = parameter.schema["default"]
            elif parameter.required:
                violations.append(Violation("", f"{parameter.name} is missing; it is required", "required"))
            continue
        if len(texts) > 1 and not (parameter.items is not None and parameter.explode):
            times = f"{parameter.name} is given {len(texts)} times; once is needed"
            violations.append(Violation("", times, "repeated"))
            continue
        value = parameter.value(texts)
        values[parameter.name] = value
        if not parameter.validator.is_valid(value):
            violations += parameter.violations(value)
    return values, tuple(violations)


def _parsed(query: str) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for pair in query.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            given.setdefault(unquote_plus(name, errors="strict"), []).append(unquote_plus(value, errors="strict"))
    return given


def _type(schema: Mapping[str, Any]) -> str | None:
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((each for each in kind if each != "null"), None)
    return kind


def _cast(text: str, schema: Mapping[str, Any]) -> Any:
    cast: Callable[[str], Any] | None = _CASTS.get(_type(schema) or "")
    return text if cast is None else cast(text)


def _integer(text: str) -> Any:
    return int(text) if _INTEGER.fullmatch(text) else text


def _number(text: str) -> Any:
    return _integer(text) if _INTEGER.fullmatch(text) else float(text) if _NUMBER.fullmatch(text) else text


_CASTS: Final[Mapping[str, Callable[[str], Any]]] = {
    "integer": _integer,
    "number": _number,
    "boolean": lambda text: {"true": True, "false": False}.get(text, text),
}
