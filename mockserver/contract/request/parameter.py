"""One declared parameter: it reads the text of a path, query, header, cookie or form into a value or a violation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from mockserver.contract.errors import MalformedJson
from mockserver.contract.media import is_json, kind_of
from mockserver.contract.pointer import dereference
from mockserver.contract.request.encoded_text import split_text, without_prefix
from mockserver.contract.request.style import (
    DELIMITERS,
    Pairs,
    deep_object_value,
    first_accepted,
    list_value,
    object_value,
    scalar_values,
    split_pairs,
)
from mockserver.contract.schema.members import Members
from mockserver.contract.schema.structure import ALL_TYPES, read_types_of
from mockserver.contract.schema.validators import compile_validator
from mockserver.contract.schema.violation import Violation
from mockserver.contract.schema.wording import shortened
from mockserver.contract.strict_json import Json, parse_json

STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_PREFIXES: Final = {"label": ".", "matrix": ";"}
_REPEATED: Final = ("form", "spaceDelimited", "pipeDelimited")
"""The styles in which an exploded list repeats its name."""
_SUBJECTS: Final = {"header": "the header {}", "cookie": "the cookie {}"}


class Parameter(NamedTuple):
    """A declared parameter of a query, a path, the headers or the cookies, or a member of a form."""

    name: str
    place: str
    schema: Json
    style: str
    explode: bool
    required: bool
    may_be_empty: bool
    media_type: str | None
    types: frozenset[str]
    default: tuple[Json, ...]
    validator: Any
    document: Mapping[str, Any]
    members: Members

    @classmethod
    def of(
        cls, data: Mapping[str, Any], schema: Json, document: Mapping[str, Any], *, media_type: str | None = None
    ) -> Parameter:
        """The parameter of a Parameter Object, or of an Encoding Object and a name."""
        style = data.get("style", STYLES[data["in"]])
        resolved = dereference(document, schema)
        return cls(
            name=data["name"],
            place=data["in"],
            schema=schema,
            style=style,
            explode=data.get("explode", style in ("form", "deepObject")),
            required=data.get("required") is True,
            may_be_empty=data.get("allowEmptyValue") is True,
            media_type=media_type,
            types=read_types_of(schema, document),
            default=(resolved["default"],) if isinstance(resolved, dict) and "default" in resolved else (),
            validator=compile_validator(schema, document, "request"),
            document=document,
            members=Members(schema, document),
        )

    @property
    def subject(self) -> str:
        """The name in messages."""
        return _SUBJECTS.get(self.place, "{}").format(self.name)

    @property
    def is_spread(self) -> bool:
        """The parameter is an object whose members appear in the query under their own names."""
        is_object = self.types - {"null"} == {"object"}
        return is_object and self.style == "form" and self.explode and self.media_type is None

    def claims(self, name: str) -> bool:
        """A pair of the name belongs to this parameter, whatever the others are."""
        if self.style == "deepObject":
            return name == self.name or name.startswith(f"{self.name}[")
        return name in self.members.properties if self.is_spread else name == self.name

    def of_pairs(self, pairs: Pairs, rest: Pairs = ()) -> tuple[Json, Violation | None] | None:
        """The value or the violation in the pairs of a query; None if the pairs do not contain the parameter.

        `rest` are the pairs that no parameter claims; an exploded object takes those that its schema has a place for.
        """
        if self.style == "deepObject":
            found = deep_object_value(self.name, pairs, self.schema, self.document)
            if found is not None:
                return found, None
        if self.is_spread:
            spread = [pair for pair in pairs if pair[0] in self.members.properties]
            spread += [pair for pair in rest if self.members.allows(pair[0])]
            return (object_value(spread, self.schema, self.document), None) if spread else None
        texts = [text for name, text in pairs if name == self.name]
        return self.of_texts(texts) if texts else None

    def of_texts(self, texts: Sequence[str]) -> tuple[Json, Violation | None]:
        """The value of the texts under the parameter's name, or a violation."""
        may_repeat = "array" in self.types and self.explode and self.style in _REPEATED
        if len(texts) > 1 and not may_repeat:
            times = f"{self.subject} is given {len(texts)} times; once is needed"
            return None, Violation("", times, "repeated")
        if self.media_type is not None:
            return self._of_content(texts[0])
        prefix = _PREFIXES.get(self.style, "")
        if not texts[0].startswith(prefix):
            message = f"{self.subject} is {shortened(str(texts[0]))}; a value that begins with {prefix} is needed"
            return None, Violation("", message, "style")
        candidates = list(self._candidates(texts))
        return first_accepted(candidates, self.validator.is_valid), None

    def _of_content(self, text: str) -> tuple[Json, Violation | None]:
        if not is_json(self.media_type):
            readings = (
                list(scalar_values(text, self.types)) if kind_of(self.media_type or "") == "text" else [str(text)]
            )
            return first_accepted(readings, self.validator.is_valid), None
        try:
            return parse_json(text.encode()), None
        except (MalformedJson, UnicodeEncodeError) as error:
            reason = str(error).replace("the body", self.subject)
            return None, Violation("", reason, "invalid_json")

    def _candidates(self, texts: Sequence[str]) -> Iterator[Json]:
        """The possible readings of the texts, the most specific first."""
        text = texts[0]
        delimiter = DELIMITERS.get(self.style, ",")
        if self.style == "label":
            text, delimiter = without_prefix(text, "."), "." if self.explode else ","
        elif self.style == "matrix":
            yield from self._of_matrix(text)
            return
        only_lists = self.types - {"null"} == {"array"}
        if "array" in self.types:
            if self.explode and (self.style == "form" or len(texts) > 1):
                if only_lists or len(texts) > 1:
                    yield list_value(texts, self.schema, self.document)
            elif only_lists or (delimiter in text and self.types != ALL_TYPES):
                yield from self._lists(text, delimiter)
        if "object" in self.types and self.types != ALL_TYPES and (pairs := self._pairs(text, delimiter)):
            yield object_value(pairs, self.schema, self.document)
        yield from scalar_values(text, self.types)
        if "array" in self.types and not only_lists and self.types != ALL_TYPES:
            yield list_value(texts, self.schema, self.document)

    def _pairs(self, text: str, delimiter: str) -> list[tuple[str, str]] | None:
        pairs = split_pairs(text, delimiter, explode=self.explode)
        if pairs and self.place == "header":
            return [(name.strip(), value.strip()) for name, value in pairs]
        return pairs or split_pairs(str(text), delimiter, explode=self.explode)

    def _lists(self, text: str, delimiter: str) -> Iterator[Json]:
        """The lists of a delimited text. Many clients encode the commas too, so that reading is the last one."""
        parts = split_text(text, delimiter) if text else []
        if self.place == "header":
            parts = [part.strip() for part in parts]
        yield list_value(parts, self.schema, self.document)
        if len(parts) == 1 and delimiter in text:
            yield list_value(text.split(delimiter), self.schema, self.document)

    def _of_matrix(self, text: str) -> Iterator[Json]:
        halves = [split_text(part, "=") for part in split_text(without_prefix(text, ";"), ";")]
        parts = [(half[0], half[1] if len(half) == 2 else "=".join(half[1:])) for half in halves]
        own = [value for name, value in parts if name == self.name]
        if "array" in self.types and own:
            yield list_value(own if self.explode else split_text(own[0], ","), self.schema, self.document)
        if "object" in self.types:
            pairs: list[tuple[str, str]] | None = parts if self.explode else None
            if pairs is None and own:
                pairs = split_pairs(own[0], ",", explode=False)
            if pairs:
                yield object_value(pairs, self.schema, self.document)
        yield from scalar_values(own[0] if own else text, self.types)

    def violations(self, value: Json) -> Iterable[Violation]:
        """The violations of a value, in words that name this parameter."""
        from mockserver.contract.schema.explanation.explain import explain  # few parameters are refused

        found = explain(self.schema, self.document, "request", value, subject=self.subject).violations
        message = f"{self.subject} does not match its schema"
        return found or (Violation("", message, "invalid"),)
