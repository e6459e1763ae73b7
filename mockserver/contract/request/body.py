"""The body of a request in one media type: bytes are read into a value and validated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.media import Kind, is_json, is_yaml, kind_of, media_parameter
from mockserver.contract.request.style import first_accepted, scalar_values
from mockserver.contract.request.yaml_body import parse_yaml
from mockserver.contract.schema.structure import ALL_TYPES, types_of
from mockserver.contract.schema.validators import compile_predicate
from mockserver.contract.schema.violation import UNEXPLAINED, Violation
from mockserver.contract.strict_json import Json, parse_json

if TYPE_CHECKING:
    from mockserver.contract.request.form import FormReader

Explain = Callable[[str, Json], tuple[Violation, ...]]
"""The violations that openapi-core finds in a JSON body of a media type; asked only where the walk finds none."""

_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


class Body:
    """The declared body of one media type; `name` is the declared media type or range."""

    def __init__(
        self, name: str, content_type: str, content: Mapping[str, Any], document: Mapping[str, Any], explain: Explain
    ) -> None:
        self.name = name
        self.kind: Kind = kind_of(content_type) if is_json(content_type) or not is_json(name) else "json"
        self._content_type = content_type
        self._content = content
        self._document = document
        self._explain = explain
        charset = media_parameter(content_type, "charset")
        self._parse: Callable[[bytes], Json] = parse_yaml if is_yaml(content_type) else parse_json
        self.is_readable: bool = self.kind != "json" or charset is None or charset.lower() in _UTF_8
        """The charset of JSON is UTF-8, or ASCII, which is a subset."""

    @cached_property
    def accepts(self) -> Callable[[Json], bool]:
        """A predicate: the schema accepts the value."""
        schema = self._content.get("schema")
        return (lambda _: True) if schema is None else compile_predicate(schema, self._document, "request")

    def read(self, raw: bytes) -> tuple[Json, tuple[Violation, ...]]:
        """The value of the bytes, and every violation; raises MalformedJson, MalformedYaml and MalformedForm."""
        if self.kind == "json":
            value = self._parse(raw)
            return value, self.violations(value)
        if self.kind == "form" or (self.kind == "multipart" and self._form.reads(self._content_type)):
            form = self._form
            is_form = self.kind == "form"
            value, violations = form.urlencoded(raw) if is_form else form.multipart(raw, self._content_type)
            return value, violations or self.violations(value)
        if self.kind == "text":
            text = self._text(raw)
            if isinstance(text, Violation):
                return None, (text,)
            value = self._scalar(text)
            return value, self.violations(value)
        # XML and files: a schema describes no more of their bytes than the number
        return raw.decode("latin-1"), () if self.kind == "xml" else self._length_violations(len(raw))

    def _scalar(self, text: str) -> Json:
        """The text, or the number, boolean or null that the schema has in its place."""
        types = types_of(self._content.get("schema", {}), self._document)
        if types == ALL_TYPES:
            return text
        others = [value for value in scalar_values(text.strip(), types) if not isinstance(value, str)]
        return first_accepted([*others, text], self.accepts)

    def _length_violations(self, length: int) -> tuple[Violation, ...]:
        from mockserver.contract.request.part_rules import length_violations  # few bodies are files

        return tuple(length_violations(self._content.get("schema", {}), self._document, length, "the body"))

    def _text(self, raw: bytes) -> str | Violation:
        charset = media_parameter(self._content_type, "charset") or "utf-8"
        try:
            return raw.decode(charset)
        except (UnicodeDecodeError, LookupError):
            return Violation("", f"the body is no text in {charset[:40]}", "encoding")

    def violations(self, value: Json) -> tuple[Violation, ...]:
        """The violations of a value; none if the schema accepts it."""
        if self.accepts(value):
            return ()
        from mockserver.contract.schema.explanation.explain import explain  # few bodies are refused

        found = explain(self._content.get("schema", True), self._document, "request", value)
        if not found.violations and found.is_complete and self.kind == "json":
            found = found._replace(violations=self._explain(self.name, value))
        return found.violations or (UNEXPLAINED,)

    def without_refused_nulls(self, value: Json) -> tuple[Json, tuple[str, ...]] | None:
        """A JSON value without the null members that the schema refuses, and their pointers; None if more is wrong."""
        if self.kind != "json":
            return None
        from mockserver.contract.request.nulls import without_refused_nulls  # few bodies are refused
        from mockserver.contract.schema.explanation.explain import failures_of

        schema = self._content.get("schema", True)
        refused = partial(failures_of, schema, self._document, "request")
        return without_refused_nulls(value, self.accepts, refused)

    @cached_property
    def notes_on(self) -> Callable[[Json], tuple[str, ...]]:
        """A function of a value: a sentence for each member that is unknown and close to a known one."""
        from mockserver.contract.request.near_names import KnownMembers

        return KnownMembers(self._content.get("schema", {}), self._document).notes

    @cached_property
    def _form(self) -> FormReader:
        from mockserver.contract.request.form import FormReader

        return FormReader(self._content, self._document)
