"""Bodies of forms: `a=1&b=2` or multipart parts are read into the object that the schema describes.

Rule 1: a member is read like a parameter of its name, in the style of its encoding.
Rule 2: objects and lists of objects are JSON, unless their encoding has a style: one text for each item, or a list.
Rule 3: a file becomes a text with one character for each byte, so that a schema can limit its length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mockserver.contract.errors import MalformedForm, MalformedJson
from mockserver.contract.media import essence_of, is_json, media_parameter
from mockserver.contract.pointer import pointer_of
from mockserver.contract.request.encoded_text import read_pairs
from mockserver.contract.request.multipart import Part, read_mixed_parts, read_parts
from mockserver.contract.request.parameter import Parameter
from mockserver.contract.request.part_rules import PartRules
from mockserver.contract.request.style import Pairs, member_value
from mockserver.contract.schema.members import Members
from mockserver.contract.schema.structure import ALL_TYPES, items_of, read_types_of
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json, parse_json

MAX_FIELDS: Final = 10_000
_COMPOSITE: Final = (frozenset({"object"}), frozenset({"array"}))


class FormReader:
    """A reader of the forms of one media type of an operation."""

    def __init__(self, content: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self._document = document
        encoding = content.get("encoding")
        self._encoding: Mapping[str, Any] = encoding if isinstance(encoding, dict) else {}
        self._members = Members(content.get("schema", {}), document)
        self._rules = PartRules(self._encoding, self._members, document)
        self._parameters = {name: self._parameter(name, schema) for name, schema in self._members.properties.items()}

    def _parameter(self, name: str, schema: Json) -> Parameter:
        encoding = self._encoding.get(name, {})
        style = {word: encoding[word] for word in ("style", "explode") if word in encoding}
        if not style and self._is_json(name):
            style = {"explode": False}  # an object is JSON in a form, unless its encoding explodes it
        return Parameter.of({"name": name, "in": "query", **style}, schema, self._document)

    def reads(self, content_type: str) -> bool:
        """The schema describes the parts of the media type. Other multipart types than forms may lack one."""
        return essence_of(content_type) == "multipart/form-data" or bool(self._members.properties)

    def urlencoded(self, raw: bytes) -> tuple[Json, tuple[Violation, ...]]:
        """The object of a URL-encoded form, and the violations of its syntax."""
        if raw.count(b"&") >= MAX_FIELDS:
            raise MalformedForm(f"the body has more than {MAX_FIELDS} fields")
        try:
            pairs = read_pairs(raw.decode("utf-8"))
        except UnicodeDecodeError:
            raise MalformedForm("the form is not UTF-8") from None
        return self._object(pairs, {})

    def multipart(self, raw: bytes, content_type: str) -> tuple[Json, tuple[Violation, ...]]:
        """The object of the parts, and the violations of their syntax and types."""
        boundary = media_parameter(content_type, "boundary")
        if not boundary:
            raise MalformedForm("the Content-Type names no boundary between the parts")
        pairs: list[tuple[str, str]] = []
        whole: dict[str, list[Json]] = {}
        violations: list[Violation] = []
        is_form = essence_of(content_type) == "multipart/form-data"
        names = tuple(self._members.properties)
        for part in read_parts(raw, boundary) if is_form else read_mixed_parts(raw, boundary, names):
            violations += self._rules.violations(part)
            if is_json(part.media_type) or (self._is_json(part.name) and not part.is_file):
                whole.setdefault(part.name, []).append(self._of_json(part))
            elif part.is_file or part.name in whole:
                whole.setdefault(part.name, []).append(part.content.decode("latin-1"))
            elif isinstance(text := self._rules.text(part), Violation):
                violations.append(text)
            else:
                pairs.append((part.name, text))
        found, more = self._object(pairs, whole)
        return found, (*violations, *more)

    def _of_json(self, part: Part) -> Json:
        """The JSON value of a part; its text if the schema has the text and not the value in its place."""
        value = _json(part.content)
        is_list = isinstance(value, list) and "array" in self._types(self._members.schema_of(part.name))
        if isinstance(value, str) or is_list or not self._rules.is_plain_text(part.name):
            return value
        text = self._rules.text(part)
        return text if isinstance(text, str) else value

    def _is_json(self, name: str) -> bool:
        """The member is JSON: its encoding says so, or its values are objects or lists."""
        if (wanted := self._encoding.get(name, {}).get("contentType")) is not None:
            return all(is_json(each) for each in wanted.split(","))
        types = self._types(schema := self._members.schema_of(name))
        return types == {"object"} or (
            types == {"array"} and self._types(items_of(schema, self._document)) in _COMPOSITE
        )

    def _types(self, schema: Json) -> frozenset[str]:
        return read_types_of(schema, self._document) - {"null"}

    def _object(self, pairs: Pairs, whole: Mapping[str, list[Json]]) -> tuple[Json, tuple[Violation, ...]]:
        found: dict[str, Json] = {name: self._joined(name, values) for name, values in whole.items()}
        violations: list[Violation] = []
        taken: set[str] = set(whole)
        rest = [pair for pair in pairs if not any(each.claims(pair[0]) for each in self._parameters.values())]
        for name, parameter in self._parameters.items():
            read = None if name in whole else self._read(parameter, pairs, rest)
            if read is None:
                continue
            value, violation = read
            taken.add(name)
            if violation is not None:
                violations.append(violation._replace(pointer=pointer_of((name,))))
            else:
                found[name] = value
        left: dict[str, list[str]] = {}
        for name, text in pairs:
            if name not in taken and name.partition("[")[0] not in taken and not self._is_spread(name):
                left.setdefault(name, []).append(text)
        return found | {name: self._left(name, texts) for name, texts in left.items()}, tuple(violations)

    def _joined(self, name: str, values: list[Json]) -> Json:
        """The value of the parts of a name: a list of them, or the list that a single part is."""
        types = self._types(self._members.schema_of(name))
        is_list = "array" in types and types | {"null"} != ALL_TYPES
        return values if len(values) > 1 or (is_list and not isinstance(values[0], list)) else values[0]

    def _read(self, parameter: Parameter, pairs: Pairs, rest: Pairs) -> tuple[Json, Violation | None] | None:
        texts = [text for name, text in pairs if name == parameter.name]
        if texts and self._are_json(parameter.name, texts):
            return self._joined(parameter.name, [_json(text.encode()) for text in texts]), None
        return parameter.of_pairs(pairs, rest)

    def _are_json(self, name: str, texts: Sequence[str]) -> bool:
        """The texts are JSON; without the word of an encoding they have to look like it."""
        is_announced = "contentType" in self._encoding.get(name, {})
        return self._is_json(name) and (is_announced or all(text.lstrip()[:1] in ("{", "[") for text in texts))

    def _left(self, name: str, texts: Sequence[str]) -> Json:
        """The value of a member that the schema does not name."""
        if self._are_json(name, texts):
            return self._joined(name, [_json(text.encode()) for text in texts])
        return member_value(texts, self._members.schema_of(name), self._document)

    def _is_spread(self, name: str) -> bool:
        """The name belongs to a member of an exploded object."""
        return any(each.is_spread and each.members.allows(name) for each in self._parameters.values())


def _json(raw: bytes) -> Json:
    """The JSON value; the text itself if it is no JSON."""
    try:
        return parse_json(raw)
    except MalformedJson:
        return raw.decode("latin-1")
