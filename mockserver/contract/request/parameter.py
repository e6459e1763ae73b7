"""A parameter: from text in a path, a query, a header, a cookie or a form to a value, or to what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from mockserver.contract.errors import InvalidJson
from mockserver.contract.media import is_json
from mockserver.contract.pointer import dereferenced
from mockserver.contract.request.style import (
    ALL,
    DELIMITERS,
    Pairs,
    a_list,
    an_object,
    deep_object,
    first_accepted,
    in_turns,
    kinds_of,
    properties_of,
    scalars,
)
from mockserver.contract.schema.translation import failures_of, validator
from mockserver.contract.schema.violation import Violation, violations_of
from mockserver.contract.strict_json import Json, parse_json

STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
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
    kinds: frozenset[str]
    default: tuple[Json, ...]
    validator: Any
    document: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """What a message calls it."""
        return _SUBJECTS.get(self.place, "{}").format(self.name)

    @property
    def is_spread(self) -> bool:
        """Whether it is an object whose members stand in a query under their own names."""
        return self.style == "form" and self.explode and self.kinds == {"object"} and self.media_type is None

    def of_pairs(self, pairs: Pairs) -> tuple[Json, Violation | None] | None:
        """The value that names and texts give it, or what is wrong with them; None where they do not give it."""
        if self.style == "deepObject":
            found = deep_object(self.name, pairs, self.schema, self.document)
            if found is not None:
                return found, None
        if self.is_spread:
            properties = properties_of(self.schema, self.document)
            spread = [pair for pair in pairs if pair[0] in properties]
            return (an_object(spread, self.schema, self.document), None) if spread else None
        texts = [text for name, text in pairs if name == self.name]
        return self.of_texts(texts) if texts else None

    def of_texts(self, texts: Sequence[str]) -> tuple[Json, Violation | None]:
        """The value that texts under its name stand for, or what is wrong with them."""
        may_repeat = "array" in self.kinds and self.explode and self.style == "form"
        if len(texts) > 1 and not may_repeat:
            times = f"{self.subject} is given {len(texts)} times; once is needed"
            return None, Violation("", times, "repeated")
        if self.media_type is not None:
            return self._of_content(texts[0])
        candidates = list(self._candidates(texts))
        return first_accepted(candidates, self.validator.is_valid), None

    def _of_content(self, text: str) -> tuple[Json, Violation | None]:
        if not is_json(self.media_type):
            return text, None
        try:
            return parse_json(text.encode()), None
        except (InvalidJson, UnicodeEncodeError) as error:
            reason = str(error).replace("the body", self.subject)
            return None, Violation("", reason, "invalid_json")

    def _candidates(self, texts: Sequence[str]) -> Iterator[Json]:
        """All that the texts may be, the most telling first."""
        text = texts[0]
        delimiter = DELIMITERS.get(self.style, ",")
        if self.style == "label":
            text, delimiter = text.removeprefix("."), "." if self.explode else ","
        elif self.style == "matrix":
            yield from self._of_matrix(text)
            return
        only_lists = self.kinds == {"array"}
        if "array" in self.kinds:
            if self.style == "form" and self.explode:
                if only_lists or len(texts) > 1:
                    yield a_list(texts, self.schema, self.document)
            elif only_lists or (delimiter in text and self.kinds != ALL):
                yield a_list(text.split(delimiter) if text else [], self.schema, self.document)
        if "object" in self.kinds and self.kinds != ALL and (pairs := in_turns(text, delimiter, explode=self.explode)):
            yield an_object(pairs, self.schema, self.document)
        yield from scalars(text, self.kinds)
        if "array" in self.kinds and not only_lists and self.kinds != ALL:
            yield a_list(texts, self.schema, self.document)

    def _of_matrix(self, text: str) -> Iterator[Json]:
        parts = [part.partition("=") for part in text.removeprefix(";").split(";")]
        own = [value for name, _, value in parts if name == self.name]
        if "array" in self.kinds and own:
            yield a_list(own if self.explode else own[0].split(","), self.schema, self.document)
        if "object" in self.kinds:
            pairs = [(name, value) for name, _, value in parts] if self.explode else None
            if pairs is None and own:
                pairs = in_turns(own[0], ",", explode=False)
            if pairs:
                yield an_object(pairs, self.schema, self.document)
        yield from scalars(own[0] if own else text, self.kinds)

    def violations(self, value: Json) -> Iterable[Violation]:
        """What is wrong with a value, said of this parameter."""
        for failure in failures_of(self.validator, value):
            inner = ".".join((self.subject, *map(str, failure.path)))
            for violation in violations_of(failure._replace(path=()), subject=inner):
                yield violation._replace(pointer="")


def a_parameter(
    data: Mapping[str, Any], schema: Json, document: Mapping[str, Any], *, media_type: str | None = None
) -> Parameter:
    """The parameter that a Parameter Object, or an Encoding Object with a name, declares."""
    style = data.get("style", STYLES[data["in"]])
    told = dereferenced(document, schema)
    return Parameter(
        name=data["name"],
        place=data["in"],
        schema=schema,
        style=style,
        explode=data.get("explode", style in ("form", "deepObject")),
        required=data.get("required") is True,
        may_be_empty=data.get("allowEmptyValue") is True,
        media_type=media_type,
        kinds=kinds_of(schema, document),
        default=(told["default"],) if isinstance(told, dict) and "default" in told else (),
        validator=validator(schema, document, "request"),
        document=document,
    )
