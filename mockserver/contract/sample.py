"""A plain value that a schema accepts: what a document itself offers, before anything is made up.

Rule 1: a schema's example, default, constant or first enum value is taken as it stands.
Rule 2: what is made up is the smallest value of the schema's type; a cycle ends with what is required.

A pattern is not minded: where a document gives no example for one, its sample may miss it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mockserver.contract.pointer import dereferenced

_TEXTS: Final[Mapping[str, str]] = {
    "date-time": "2030-01-01T00:00:00.000Z",
    "date": "2030-01-01",
    "time": "00:00:00Z",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "email": "somebody@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "byte": "c2FtcGxl",
}
_DEEPEST: Final = 12


def sample(schema: Any, document: Mapping[str, Any], *, depth: int = 0) -> Any:
    """A value for the schema; `$ref`s are looked up in the document, and None stands for what cannot be told."""
    schema = _resolved(schema, document)
    if not isinstance(schema, Mapping):
        return None
    for word in ("example", "default", "const"):
        if word in schema:
            return schema[word]
    for word in ("examples", "enum"):
        if isinstance(schema.get(word), list) and schema[word]:
            return schema[word][0]
    for word in ("oneOf", "anyOf"):
        if isinstance(schema.get(word), list) and schema[word]:
            return sample({**_without(schema, word), **_resolved(schema[word][0], document)}, document, depth=depth + 1)
    if isinstance(schema.get("allOf"), list):
        return sample(_merged(schema, document), document, depth=depth + 1)
    return _made_up(schema, document, depth)


def _made_up(schema: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "null")
    if kind == "object" or "properties" in schema:
        required = schema.get("required", ())
        properties: Mapping[str, Any] = schema.get("properties", {})
        wanted = properties if depth < _DEEPEST // 2 else {name: properties[name] for name in required}
        return {name: sample(each, document, depth=depth + 1) for name, each in wanted.items() if depth < _DEEPEST}
    if kind == "array":
        if depth >= _DEEPEST // 2 and not schema.get("minItems"):
            return []
        return [sample(schema.get("items", {}), document, depth=depth + 1)] * max(schema.get("minItems", 1), 1)
    if kind in ("integer", "number"):
        return _number(schema)
    if kind == "boolean":
        return True
    return _text(schema) if kind == "string" else None


def _number(schema: Mapping[str, Any]) -> int | float:
    step: int | float = schema.get("multipleOf", 1)
    least: int | float | None = schema.get("minimum")
    most: int | float | None = schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    # OpenAPI 3.0 says by a boolean that the bound itself is left out, 3.1 by another bound.
    if isinstance(above, int | float) and not isinstance(above, bool):
        least, above = (above, True) if least is None or above >= least else (least, False)
    if isinstance(below, int | float) and not isinstance(below, bool):
        most, below = (below, True) if most is None or below <= most else (most, False)
    if least is not None:
        number = least if "multipleOf" not in schema else -(-least // step) * step
        return number + step if above is True and number <= least else number
    if most is not None and (most < step or (below is True and most <= step)):
        number = most if "multipleOf" not in schema else most // step * step
        return number - step if below is True and number >= most else number
    return step


def _text(schema: Mapping[str, Any]) -> str:
    text = _TEXTS.get(schema.get("format", ""), "text")
    text = text.ljust(schema.get("minLength", 0), "x")
    return text[: schema["maxLength"]] if "maxLength" in schema else text


def _resolved(schema: Any, document: Mapping[str, Any]) -> Any:
    try:
        return dereferenced(document, schema)
    except LookupError:
        return None


def _merged(schema: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in (*schema["allOf"], _without(schema, "allOf")):
        resolved = _resolved(part, document) or {}
        properties = {**merged.get("properties", {}), **resolved.get("properties", {})}
        required = [*merged.get("required", ()), *resolved.get("required", ())]
        merged |= resolved
        if properties:
            merged |= {"type": "object", "properties": properties, "required": required}
    return merged


def _without(schema: Mapping[str, Any], word: str) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != word}
