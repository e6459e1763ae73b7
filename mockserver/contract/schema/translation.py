"""Translation of a Schema Object of an OpenAPI document into a JSON Schema that stands alone.

OpenAPI 3.0 becomes JSON Schema Draft 4, which has its boolean exclusiveMinimum; 3.1 is JSON Schema 2020-12.
Each local $ref becomes a definition of its own, so circular references stay circular.
OpenAPI 3.0 differs from JSON Schema as follows:

* nullable adds null to the type beside it, and to an allOf, anyOf, oneOf or $ref: the standard has only the first, but
  every generator means the others too. An enum without null still refuses null;
* other keywords beside a $ref are ignored, as in Draft 4;
* readOnly forbids a member in a request, writeOnly in a response, and neither is required there.

In OpenAPI 3.1 validators ignore both. Here a response must not contain a writeOnly member even so: nobody wants a
password in a response. A request may contain a readOnly member, and never has to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from mockserver.contract.pointer import resolve_ref
from mockserver.contract.strict_json import Json

Direction = Literal["request", "response"]

MEMBERS: Final = frozenset({"properties", "patternProperties"})
SCHEMAS_BY_NAME: Final = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
VALUES: Final = frozenset({"enum", "const", "default", "example", "examples", "required"})
NOT_ASSERTED: Final = frozenset(
    {"nullable", "discriminator", "readOnly", "writeOnly", "xml", "externalDocs", "example", "examples", "deprecated"}
    | {"default", "description", "title", "id", "$id", "$schema"}
)
INTEGER_RANGES: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
COMPOSED: Final = frozenset({"allOf", "anyOf", "oneOf", "$ref"})
NOTHING: Final[Mapping[str, Any]] = {"not": {}}


def is_openapi_30(document: Mapping[str, Any]) -> bool:
    """The document uses the schema dialect of OpenAPI 3.0."""
    return str(document.get("openapi", "")).startswith("3.0")


def standalone(schema: Json, document: Mapping[str, Any], direction: Direction) -> dict[str, Any]:
    """The schema and everything it refers to, as one JSON Schema."""
    translation = _Translation(document, direction)
    root = translation.of(schema)
    if not isinstance(root, dict):
        root = {} if root else dict(NOTHING)
    if definitions := translation.definitions():
        # Draft 4 ignores every keyword beside a $ref, definitions too, so the root must not be a $ref
        root = {"allOf": [root], translation.keyword: definitions}
    return root


def is_nullable_composition(schema: Mapping[str, Any]) -> bool:
    """A schema of OpenAPI 3.0 has `nullable` beside others that it is composed of."""
    return schema.get("nullable") is True and not COMPOSED.isdisjoint(schema)


def is_marked(schema: Json, keyword: str, document: Mapping[str, Any]) -> bool:
    """A member's schema, or the schema it refers to, has the keyword: readOnly or writeOnly."""
    for _ in range(20):
        if not isinstance(schema, dict):
            return False
        if schema.get(keyword) is True:
            return True
        if not isinstance(schema.get("$ref"), str):
            return False
        try:
            schema = resolve_ref(document, schema["$ref"])
        except LookupError:
            return False
    return False


class _Translation:
    """The translation of one schema; it collects the references it meets."""

    def __init__(self, document: Mapping[str, Any], direction: Direction) -> None:
        self._document = document
        self._is_30 = is_openapi_30(document)
        self._forbidden = "readOnly" if direction == "request" else "writeOnly"
        self._names: dict[str, str] = {}
        self.keyword = "definitions" if self._is_30 else "$defs"

    def definitions(self) -> dict[str, Any]:
        definitions: dict[str, Any] = {}
        while pending := [ref for ref, name in self._names.items() if name not in definitions]:
            for ref in pending:
                definitions[self._names[ref]] = self.of(resolve_ref(self._document, ref))
        return definitions

    def of(self, schema: Json) -> Any:
        if not isinstance(schema, dict):
            return schema
        translated: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword in NOT_ASSERTED or keyword.startswith("x-"):
                continue
            translated[keyword] = self._member(keyword, value, schema)
        if not translated.get("required", True):
            del translated["required"]
        if self._is_30 and is_nullable_composition(schema):
            return {"anyOf": [{"enum": [None]}, self._ranged(translated)]}
        return self._ranged(translated)

    def _member(self, keyword: str, value: Any, schema: Mapping[str, Any]) -> Any:
        if keyword == "$ref" and isinstance(value, str):
            return self._reference(value)
        if keyword == "type" and self._is_30 and schema.get("nullable") is True:
            return [value, "null"]
        if keyword == "required" and isinstance(value, list):
            return self._needed(value, schema)
        if keyword == "dependentRequired" and isinstance(value, dict):
            return {name: self._needed(each, schema) for name, each in value.items()}
        if keyword in VALUES:
            return value
        if keyword in MEMBERS:
            return {name: self._of_member(each) for name, each in value.items()}
        if keyword in SCHEMAS_BY_NAME:
            return {name: self.of(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.of(each) for each in value]
        return self.of(value)

    def _needed(self, names: Any, schema: Mapping[str, Any]) -> Any:
        """The names of required members that the direction does not forbid."""
        members = schema.get("properties", {})
        if not isinstance(names, list):
            return names
        return [name for name in names if not is_marked(members.get(name), self._forbidden, self._document)]

    def _of_member(self, schema: Json) -> Any:
        """A member's schema. readOnly and writeOnly have a meaning in members only."""
        is_asserted = self._is_30 or self._forbidden == "writeOnly"
        if is_asserted and is_marked(schema, self._forbidden, self._document):
            return dict(NOTHING)
        return self.of(schema)

    def _reference(self, ref: str) -> str:
        if not ref.startswith("#/"):
            return ref
        name = self._names.setdefault(ref, f"r{len(self._names)}")
        return f"#/{self.keyword}/{name}"

    def _ranged(self, translated: dict[str, Any]) -> dict[str, Any]:
        if (limits := INTEGER_RANGES.get(str(translated.get("format")))) is None:
            return translated
        low, high = limits
        in_range = {"anyOf": [{"not": {"type": "integer"}}, {"minimum": low, "maximum": high}]}
        return {"allOf": [translated, in_range]}
