"""Bodies of forms: `a=1&b=2` or multipart parts are read into the object that the schema describes.

Rule 1: a member is read like a parameter of its name, in the style of its encoding.
Rule 2: a file becomes a text with one character for each byte, so that a schema can limit its length.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from mockserver.contract.errors import MalformedForm
from mockserver.contract.media import covering_type, essence_of, is_json, media_parameter
from mockserver.contract.pointer import pointer_of
from mockserver.contract.request.parameter import Parameter
from mockserver.contract.request.style import Pairs, cast_text
from mockserver.contract.schema.structure import properties_of, types_of
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json

MAX_PARTS: Final = 1_000


class _Part(NamedTuple):
    name: str
    media_type: str | None
    is_file: bool
    content: bytes


class FormReader:
    """A reader of the forms of one media type of an operation."""

    def __init__(self, content: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self._schema: Json = content.get("schema", {})
        self._document = document
        encoding = content.get("encoding")
        self._encoding: Mapping[str, Any] = encoding if isinstance(encoding, dict) else {}
        self._properties = properties_of(self._schema, document)
        self._members = {name: self._member(name, schema) for name, schema in self._properties.items()}

    def _member(self, name: str, schema: Json) -> Parameter:
        encoding = self._encoding.get(name, {})
        style = {word: encoding[word] for word in ("style", "explode") if word in encoding}
        if not style and self._is_object(name):
            style = {"explode": False}  # an object is JSON in a form, unless its encoding explodes it
        return Parameter.of({"name": name, "in": "query", **style}, schema, self._document)

    def urlencoded(self, raw: bytes) -> tuple[Json, tuple[Violation, ...]]:
        """The object of a URL-encoded form, and the violations of its syntax."""
        try:
            pairs = parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=10_000)
        except (UnicodeDecodeError, ValueError) as error:
            raise MalformedForm(f"the body is no form: {error}") from None
        return self._object(pairs, {})

    def multipart(self, raw: bytes, content_type: str) -> tuple[Json, tuple[Violation, ...]]:
        """The object of the parts, and the violations of their syntax and types."""
        boundary = media_parameter(content_type, "boundary")
        if not boundary:
            raise MalformedForm("the Content-Type names no boundary between the parts")
        pairs: list[tuple[str, str]] = []
        whole: dict[str, list[Json]] = {}
        violations: list[Violation] = []
        for part in _parts(raw, boundary):
            violations += self._type_violations(part)
            if part.is_file or part.name in whole:
                whole.setdefault(part.name, []).append(part.content.decode("latin-1"))
            elif is_json(part.media_type) or self._is_object(part.name):
                whole.setdefault(part.name, []).append(_json(part))
            else:
                try:
                    pairs.append((part.name, part.content.decode("utf-8")))
                except UnicodeDecodeError:
                    pairs.append((part.name, part.content.decode("latin-1")))
        found, more = self._object(pairs, whole)
        return found, (*violations, *more)

    def _type_violations(self, part: _Part) -> Iterator[Violation]:
        wanted = self._encoding.get(part.name, {}).get("contentType")
        if wanted is None or part.media_type is None:
            return
        allowed = [each.strip() for each in wanted.split(",")]
        if covering_type(part.media_type, allowed) is None:
            message = f"{part.name} is sent as {essence_of(part.media_type)}; {' or '.join(allowed)} is needed"
            yield Violation(pointer_of((part.name,)), message, "content_type")

    def _is_object(self, name: str) -> bool:
        return types_of(self._properties.get(name, {}), self._document) == {"object"}

    def _object(self, pairs: Pairs, whole: Mapping[str, list[Json]]) -> tuple[Json, tuple[Violation, ...]]:
        found: dict[str, Json] = {}
        violations: list[Violation] = []
        for name, values in whole.items():
            is_list = len(values) > 1 or "array" in types_of(self._properties.get(name, {}), self._document)
            found[name] = values if is_list and (len(values) > 1 or self._properties.get(name)) else values[0]
        taken: set[str] = set(whole)
        for name, member in self._members.items():
            if name in whole:
                continue
            read = self._read(member, pairs)
            if read is None:
                continue
            value, violation = read
            taken.add(name)
            if violation is not None:
                violations.append(violation._replace(pointer=pointer_of((name,))))
            else:
                found[name] = value
        for name, text in pairs:
            base = name.partition("[")[0]
            if name not in taken and base not in taken and not self._is_exploded_member(name):
                held = found.get(name)
                value = cast_text(text, {}, self._document)
                found[name] = value if held is None else [*held, value] if isinstance(held, list) else [held, value]
        return found, tuple(violations)

    def _read(self, member: Parameter, pairs: Pairs) -> tuple[Json, Violation | None] | None:
        texts = [text for name, text in pairs if name == member.name]
        if member.types == {"object"} and len(texts) == 1 and texts[0].lstrip()[:1] == "{":
            try:
                return json.loads(texts[0]), None
            except (ValueError, RecursionError):
                return texts[0], None
        return member.of_pairs(pairs)

    def _is_exploded_member(self, name: str) -> bool:
        """The name belongs to a member of an exploded object."""
        return any(
            member.is_spread and name in properties_of(member.schema, self._document)
            for member in self._members.values()
        )


def _json(part: _Part) -> Json:
    try:
        found: Json = json.loads(part.content)
    except (ValueError, RecursionError):
        return part.content.decode("latin-1")
    return found


def _parts(raw: bytes, boundary: str) -> Iterator[_Part]:
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

    try:
        decoder = MultipartDecoder(boundary.encode("ascii"), max_parts=MAX_PARTS)
        decoder.receive_data(raw)
        decoder.receive_data(None)
        head: Field | File | None = None
        content = b""
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                head, content = event, b""
            elif isinstance(event, Data) and head is not None:
                content += event.data
                if not event.more_data:
                    yield _Part(head.name or "", head.headers.get("content-type"), isinstance(head, File), content)
    except RequestEntityTooLarge:
        raise MalformedForm(f"the body has more than {MAX_PARTS} parts") from None
    except (ValueError, UnicodeError) as error:
        raise MalformedForm(f"the body is no multipart body: {error}") from None
