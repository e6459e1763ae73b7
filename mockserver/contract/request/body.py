"""The body of a request in one media type: from bytes to a value, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mockserver.contract.media import Kind, is_json, kind_of, parameter_of
from mockserver.contract.schema.translation import compiled, failures_of, validator
from mockserver.contract.schema.violation import Violation, violations_of
from mockserver.contract.strict_json import Json, parse_json

if TYPE_CHECKING:
    from mockserver.contract.request.form import FormReader

Explain = Callable[[str, Json], tuple[Violation, ...]]
"""What the authority says of a JSON body of a media type."""

_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


class Body:
    """What an operation takes in one of its media types; `name` is the declared one, which may be a range."""

    def __init__(
        self, name: str, content_type: str, content: Mapping[str, Any], document: Mapping[str, Any], explain: Explain
    ) -> None:
        self.name = name
        self.kind: Kind = kind_of(content_type) if is_json(content_type) or not is_json(name) else "json"
        self._content_type = content_type
        self._content = content
        self._document = document
        self._explain = explain
        charset = parameter_of(content_type, "charset")
        self.is_readable: bool = self.kind != "json" or charset is None or charset.lower() in _UTF_8
        """Whether JSON comes in UTF-8, or in ASCII, which is UTF-8."""

    @cached_property
    def accepts(self) -> Callable[[Json], bool]:
        """Whether the schema accepts a value."""
        schema = self._content.get("schema")
        return (lambda _: True) if schema is None else compiled(schema, self._document, "request")

    def read(self, raw: bytes) -> tuple[Json, tuple[Violation, ...]]:
        """The value that the bytes stand for, and every fault; raises InvalidJson and NotAForm."""
        if self.kind == "json":
            value = parse_json(raw)
            return value, self.violations(value)
        if self.kind in ("form", "multipart"):
            form = self._form
            is_form = self.kind == "form"
            value, violations = form.urlencoded(raw) if is_form else form.multipart(raw, self._content_type)
            return value, (*violations, *(() if violations or self.accepts(value) else self._found(value)))
        if self.kind == "text":
            text = self._text(raw)
            if isinstance(text, Violation):
                return None, (text,)
            return text, () if self.accepts(text) else self._found(text)
        return raw.decode("latin-1"), ()  # XML, files: what no schema speaks of is taken as it is

    def _text(self, raw: bytes) -> str | Violation:
        charset = parameter_of(self._content_type, "charset") or "utf-8"
        try:
            return raw.decode(charset)
        except (UnicodeDecodeError, LookupError):
            return Violation("", f"the body is no text in {charset[:40]}", "encoding")

    def violations(self, value: Json) -> tuple[Violation, ...]:
        """Every fault of a value that came as JSON; none if the schema accepts it."""
        return () if self.accepts(value) else self._explain(self.name, value) or self._found(value)

    def _found(self, value: Json) -> tuple[Violation, ...]:
        """What the compiled validator says: openapi-core speaks of JSON, and drops what 3.1 allows beside a $ref."""
        judge = validator(self._content.get("schema", True), self._document, "request")
        found = [each for failure in failures_of(judge, value) for each in violations_of(failure)]
        return tuple(found) or (Violation("", "the body is not as the contract has it", "invalid"),)

    @cached_property
    def _form(self) -> FormReader:
        from mockserver.contract.request.form import FormReader

        return FormReader(self._content, self._document)
