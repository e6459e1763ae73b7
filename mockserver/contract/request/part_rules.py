"""The rules for the parts of a multipart body: media types, headers, lengths of files, and text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.media import covering_type, essence_of, kind_of, media_parameter
from mockserver.contract.pointer import dereference, pointer_of
from mockserver.contract.request.multipart import Part
from mockserver.contract.request.parameter import Parameter
from mockserver.contract.schema.members import Members
from mockserver.contract.schema.structure import items_of, parts_of, read_types_of
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json


class PartRules:
    """The rules for the parts of one media type."""

    def __init__(self, encoding: Mapping[str, Any], members: Members, document: Mapping[str, Any]) -> None:
        self._encoding = encoding
        self._members = members
        self._document = document
        self._headers = {name: tuple(self._headers_of(each)) for name, each in encoding.items()}

    def _headers_of(self, encoding: Mapping[str, Any]) -> Iterator[Parameter]:
        for name, each in (encoding.get("headers") or {}).items():
            data = dereference(self._document, each)
            if name.lower() == "content-type":
                continue  # the encoding's contentType describes it
            media_type, holder = next(((key, of) for key, of in (data.get("content") or {}).items()), (None, data))
            data = {**data, "name": name, "in": "header"}
            yield Parameter.of(data, holder.get("schema", {}), self._document, media_type=media_type)

    def violations(self, part: Part) -> Iterator[Violation]:
        """The violations of a part, apart from those of its value."""
        yield from self._type_violations(part)
        for parameter in self._headers.get(part.name, ()):
            yield from self._header_violations(part, parameter)
        if part.is_file:
            schema = self.schema_of(part.name)
            yield from length_violations(schema, self._document, len(part.content), part.name, (part.name,))

    def schema_of(self, name: str) -> Json:
        """The schema of a part: that of the items, if parts of the name form a list."""
        schema = self._members.schema_of(name)
        is_list = read_types_of(schema, self._document) - {"null"} == {"array"}
        return items_of(schema, self._document) if is_list else schema

    def _type_violations(self, part: Part) -> Iterator[Violation]:
        wanted = self._encoding.get(part.name, {}).get("contentType")
        if wanted is None or part.media_type is None:
            return
        allowed = [each.strip() for each in wanted.split(",")]
        if covering_type(part.media_type, allowed) is None:
            message = f"{part.name} is sent as {essence_of(part.media_type)}; {' or '.join(allowed)} is needed"
            yield Violation(pointer_of((part.name,)), message, "content_type")

    def _header_violations(self, part: Part, parameter: Parameter) -> Iterator[Violation]:
        pointer, subject = pointer_of((part.name,)), f"{parameter.subject} of the part {part.name}"
        given = part.headers.get(parameter.name.lower())
        if given is None:
            if parameter.required:
                yield Violation(pointer, f"{subject} is missing; it is required", "required")
            return
        value, violation = parameter.of_texts([given])
        found = parameter.violations(value) if violation is None and not parameter.validator.is_valid(value) else ()
        for each in (violation,) if violation is not None else found:
            yield Violation(pointer, each.message.replace(parameter.subject, subject, 1), each.code)

    def text(self, part: Part) -> str | Violation:
        """The text of a part. A part that may be binary is read as bytes."""
        charset = media_parameter(part.media_type, "charset") or "utf-8"
        try:
            return part.content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            is_text = part.media_type is None or kind_of(part.media_type) == "text"
            if not is_text or self._may_be_binary(self.schema_of(part.name)):
                return part.content.decode("latin-1")
        return Violation(pointer_of((part.name,)), f"{part.name} is no text in {charset[:40]}", "encoding")

    def is_plain_text(self, name: str) -> bool:
        """The part is a text, also if it is the text of a JSON value."""
        return read_types_of(self.schema_of(name), self._document) - {"null"} == {"string"}

    def _may_be_binary(self, schema: Json) -> bool:
        if read_types_of(schema, self._document) - {"null"} != {"string"}:
            return "string" in read_types_of(schema, self._document)
        words = {word: each for part in parts_of(schema, self._document) for word, each in part.items()}
        return words.get("format") == "binary" or "contentMediaType" in words


def length_violations(
    schema: Json, document: Mapping[str, Any], length: int, subject: str, path: tuple[str, ...] = ()
) -> Iterator[Violation]:
    """The violations of minLength and maxLength, which count the bytes of a file."""
    resolved = dereference(document, schema)
    parts = [resolved, *(resolved.get("allOf") or ())] if isinstance(resolved, dict) else []
    for part in (dereference(document, each) for each in parts):
        for keyword, bound, sign in (
            ("minLength", "at least {} are needed", -1),
            ("maxLength", "at most {} are allowed", 1),
        ):
            limit = part.get(keyword) if isinstance(part, dict) else None
            if isinstance(limit, int) and sign * (length - limit) > 0:
                message = f"{subject} has a length of {length} byte{'' if length == 1 else 's'}; {bound.format(limit)}"
                yield Violation(pointer_of(path), message, keyword)
