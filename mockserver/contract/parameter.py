"""Parameters: from the text of a path, a query, headers or cookies to values with types and defaults.

Rule 1: every fault is told, each naming its parameter.
Rule 2: what a document does not declare is not minded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

from mockserver.contract.errors import InvalidJson
from mockserver.contract.media import is_json
from mockserver.contract.pointer import dereferenced
from mockserver.contract.schema import failures_of, validator
from mockserver.contract.strict_json import Json, parse_json
from mockserver.contract.style import (
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
from mockserver.contract.violation import Violation, violations_of

STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Headers that OpenAPI lets no parameter describe."""
_SUBJECTS: Final = {"header": "the header {}", "cookie": "the cookie {}"}


@dataclass(frozen=True, eq=False, repr=False)
class Parameter:
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


def parameters_of(
    item: Mapping[str, Any], operation: Mapping[str, Any], document: Mapping[str, Any]
) -> tuple[Parameter, ...]:
    """The parameters of an operation; its own win over its path's."""
    found: dict[tuple[str, str], Parameter] = {}
    for each in (*(item.get("parameters") or ()), *(operation.get("parameters") or ())):
        data = dereferenced(document, each)
        name, place = data.get("name"), data.get("in")
        if place not in STYLES or (place == "header" and str(name).lower() in IGNORED_HEADERS):
            continue
        media_type, schema = next(((key, of) for key, of in (data.get("content") or {}).items()), (None, data))
        found[name, place] = a_parameter(data, schema.get("schema", {}), document, media_type=media_type)
    return tuple(found.values())


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


def read_query(parameters: Iterable[Parameter], query: str) -> tuple[dict[str, Any], tuple[Violation, ...]]:
    """The values of a query, defaults where it is silent, and every fault."""
    try:
        pairs = _parsed(query)
    except UnicodeDecodeError:
        return {}, (Violation("", "the query is not UTF-8", "encoding"),)
    return read(parameters, lambda parameter: parameter.of_pairs(pairs))


def read_path(
    parameters: Iterable[Parameter], variables: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[Violation, ...]]:
    """The values of the variables in a path, and every fault; what no path can hold is not asked for."""
    known = [parameter for parameter in parameters if parameter.name in variables]
    return read(known, lambda parameter: parameter.of_texts([variables[parameter.name]]))


def read_headers(
    parameters: Iterable[Parameter], headers: Sequence[tuple[bytes, bytes]]
) -> tuple[dict[str, Any], tuple[Violation, ...]]:
    """The values of headers, and every fault."""
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1").strip())

    def value_of(parameter: Parameter) -> tuple[Json, Violation | None] | None:
        texts = given.get(parameter.name.lower())
        # a header that comes several times means its values in a row
        return None if texts is None else parameter.of_texts([",".join(texts)])

    return read(parameters, value_of)


def read_cookies(
    parameters: Iterable[Parameter], headers: Sequence[tuple[bytes, bytes]]
) -> tuple[dict[str, Any], tuple[Violation, ...]]:
    """The values of cookies, and every fault."""
    pairs = cookies(headers)
    return read(parameters, lambda parameter: parameter.of_pairs(pairs))


def cookies(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """The cookies that came, in their order."""
    found = []
    for name, value in headers:
        for part in value.decode("latin-1").split(";") if name == b"cookie" else ():
            key, equals, text = part.strip().partition("=")
            if equals:
                found.append((key, unquote(text.strip('"'), errors="replace")))
    return found


def read(parameters: Iterable[Parameter], given: Any) -> tuple[dict[str, Any], tuple[Violation, ...]]:
    """The values that `given` finds for each parameter, defaults where it finds none, and every fault."""
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for parameter in parameters:
        found = given(parameter)
        if found is None:
            if parameter.default:
                values[parameter.name] = parameter.default[0]
            elif parameter.required:
                violations.append(Violation("", f"{parameter.subject} is missing; it is required", "required"))
            continue
        value, violation = found
        if violation is not None:
            violations.append(violation)
            continue
        values[parameter.name] = value
        if not parameter.validator.is_valid(value) and not (value == "" and parameter.may_be_empty):
            violations += parameter.violations(value)
    return values, tuple(violations)


def _parsed(query: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for pair in query.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            pairs.append((unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")))
    return pairs
