"""From a Schema Object of an OpenAPI document to a JSON Schema that stands alone.

OpenAPI 3.0 becomes JSON Schema Draft 4, which has its boolean exclusiveMinimum; 3.1 is JSON Schema 2020-12.
Each local $ref a schema reaches comes along under its own definition, so circular references stay what they are.
Where OpenAPI 3.0 differs from JSON Schema, it means:

* nullable adds null to the type beside it and to nothing else: an enum without null still refuses null;
* what stands beside a $ref is ignored, as in Draft 4;
* readOnly forbids a member in a request, writeOnly in a response, and neither is required there.

In OpenAPI 3.1 both are notes that no validator minds. Here a writeOnly member is kept out of responses all the same,
since a password in an answer is never meant; a readOnly one is not required of a request, and may be in it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, Literal

import jsonschema_rs

from mockserver.contract.pointer import pointer_of, resolved, value_at
from mockserver.contract.schema.violation import Failure
from mockserver.contract.strict_json import Json

Direction = Literal["request", "response"]

MEMBERS: Final = frozenset({"properties", "patternProperties"})
SCHEMAS_BY_NAME: Final = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
VALUES: Final = frozenset({"enum", "const", "default", "example", "examples", "required"})
NOT_ASSERTED: Final = frozenset(
    {"nullable", "discriminator", "readOnly", "writeOnly", "xml", "externalDocs", "example", "examples", "deprecated"}
    | {"default", "description", "title", "id", "$schema"}
)
INTEGER_RANGES: Final = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
REMEMBERED: Final = 32
_remembering: Final = threading.Lock()
_compiled: Final[dict[tuple[int, int, str], tuple[jsonschema_rs.Validator, Json, Mapping[str, Any]]]] = {}
NOTHING: Final[Mapping[str, Any]] = {"not": {}}


def compiled(schema: Json, document: Mapping[str, Any], direction: Direction) -> Callable[[Any], bool]:
    """Whether a value is valid, as a function; raises ValueError for what is no schema."""
    return validator(schema, document, direction).is_valid


def validator(schema: Json, document: Mapping[str, Any], direction: Direction) -> jsonschema_rs.Validator:
    """The compiled validator of a schema; it never fetches anything.

    The last few are remembered: whoever makes an answer, judges it and keeps the journal asks for the same one.
    """
    key = (id(schema), id(document), direction)
    if (known := _compiled.get(key)) is not None:
        return known[0]
    made = _made(schema, document, direction)
    if isinstance(schema, dict):
        with _remembering:
            if len(_compiled) >= REMEMBERED:
                del _compiled[next(iter(_compiled))]
            # what is remembered keeps the schema and its document, so that no other can have their ids
            _compiled[key] = (made, schema, document)
    return made


def _made(schema: Json, document: Mapping[str, Any], direction: Direction) -> jsonschema_rs.Validator:
    dialect = jsonschema_rs.Draft4Validator if is_openapi_30(document) else jsonschema_rs.Draft202012Validator
    try:
        return dialect(standalone(schema, document, direction), validate_formats=True, formats=FORMATS, offline=True)
    except ValueError as error:
        # what is wrong with a document is told when it is loaded; what escapes there is no reason to answer nothing
        reason = str(error).splitlines()[0]
        logging.getLogger(__name__).warning("a schema can't be used (%s); nothing is held to it", reason)
        return dialect({}, offline=True)


def failures_of(compiled_validator: jsonschema_rs.Validator, value: Json) -> Iterator[Failure]:
    """What a compiled validator finds wrong, for where openapi-core has no say."""
    for error in compiled_validator.iter_errors(value):
        expected = error.kind.value
        if error.kind.name == "type" and isinstance(expected, list):
            expected = [each for each in expected if each != "null"]
        path = tuple(error.instance_path)
        yield Failure(error.kind.name, expected, value_at(value, pointer_of(path)), path, {})


def has_format(name: str, text: Any) -> bool:
    """Whether a value has a format; what is no text, and a format nobody defines, passes."""
    if name == "byte":
        return not isinstance(text, str) or is_base64(text)
    return jsonschema_rs.is_valid({"format": name}, text, draft=jsonschema_rs.Draft202012, validate_formats=True)


def is_openapi_30(document: Mapping[str, Any]) -> bool:
    """Whether the document speaks the schema dialect of OpenAPI 3.0."""
    return str(document.get("openapi", "")).startswith("3.0")


def standalone(schema: Json, document: Mapping[str, Any], direction: Direction) -> dict[str, Any]:
    """The schema and all it refers to, as one JSON Schema."""
    translation = _Translation(document, direction)
    root = translation.of(schema)
    if not isinstance(root, dict):
        root = {} if root else dict(NOTHING)
    if definitions := translation.definitions():
        # Draft 4 ignores what stands beside a $ref, definitions too, so the root itself must not be one.
        root = {"allOf": [root], translation.keyword: definitions}
    return root


def is_marked(schema: Json, keyword: str, document: Mapping[str, Any]) -> bool:
    """Whether a member's schema, or the one it refers to, says readOnly or writeOnly."""
    for _ in range(20):
        if not isinstance(schema, dict):
            return False
        if schema.get(keyword) is True:
            return True
        if not isinstance(schema.get("$ref"), str):
            return False
        try:
            schema = resolved(document, schema["$ref"])
        except LookupError:
            return False
    return False


def is_base64(text: str) -> bool:
    """Whether a text is what OpenAPI calls format byte."""
    import base64
    import binascii

    try:
        base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return False
    return True


FORMATS_BEYOND_DRAFT_4: Final = (
    *("byte", "duration", "idn-hostname", "iri", "iri-reference", "json-pointer", "relative-json-pointer"),
    *("uri-reference", "uri-template", "uuid"),
)
FORMATS: Final[dict[str, Callable[..., bool]]] = {name: partial(has_format, name) for name in FORMATS_BEYOND_DRAFT_4}
STANDARD_FORMATS: Final = (
    *("date", "date-time", "time", "email", "idn-email", "hostname", "ipv4", "ipv6", "uri", "regex"),
    *FORMATS_BEYOND_DRAFT_4,
)


class _Translation:
    """One schema on its way; remembers the references met."""

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
                definitions[self._names[ref]] = self.of(resolved(self._document, ref))
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
        return self._ranged(translated)

    def _member(self, keyword: str, value: Any, schema: Mapping[str, Any]) -> Any:
        if keyword == "$ref" and isinstance(value, str):
            return self._reference(value)
        if keyword == "type" and self._is_30 and schema.get("nullable") is True:
            return [value, "null"]
        if keyword == "required" and isinstance(value, list):
            members = schema.get("properties", {})
            return [name for name in value if not is_marked(members.get(name), self._forbidden, self._document)]
        if keyword in VALUES:
            return value
        if keyword in MEMBERS:
            return {name: self._of_member(each) for name, each in value.items()}
        if keyword in SCHEMAS_BY_NAME:
            return {name: self.of(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.of(each) for each in value]
        return self.of(value)

    def _of_member(self, schema: Json) -> Any:
        """A member's schema, which alone readOnly and writeOnly mean something of."""
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
