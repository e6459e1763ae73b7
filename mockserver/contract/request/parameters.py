"""The parameters of an operation: paths, queries, headers and cookies are read into typed values with defaults.

Rule 1: every violation is reported and names its parameter.
Rule 2: undeclared parameters are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

from mockserver.contract.pointer import dereference
from mockserver.contract.request.encoded_text import EncodedText, read_pairs
from mockserver.contract.request.headers import Headers, read_cookies
from mockserver.contract.request.parameter import STYLES, Parameter
from mockserver.contract.request.security import secret_names
from mockserver.contract.request.style import Pairs
from mockserver.contract.route import PathTemplate
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json

Read = tuple[dict[str, Any], tuple[Violation, ...]]
"""Values by name, and violations."""

Find = Callable[[Parameter], tuple[Json, Violation | None] | None]
"""Finds the value of a parameter in a request, or a violation of its syntax; None if the request lacks it."""

IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Headers that OpenAPI does not allow as parameters."""


class ParameterReading(NamedTuple):
    """A declared parameter as a request has it. The value of one that is absent or cannot be read is None."""

    parameter: Parameter
    is_given: bool
    is_valid: bool
    value: Json = None


class Parameters:
    """The declared parameters of one operation."""

    def __init__(
        self, template: str, item: Mapping[str, Any], operation: Mapping[str, Any], document: Mapping[str, Any]
    ) -> None:
        self._template = PathTemplate(template)
        self.declared = found = _parameters_of(item, operation, document)
        self._query, self._path, self._headers, self._cookies = (
            tuple(parameter for parameter in found if parameter.place == place)
            for place in ("query", "path", "header", "cookie")
        )
        self._is_split = any(each.style == "matrix" or {"array", "object"} & each.types for each in self._path)
        """A text of the path may have delimiters: their encoding tells them from data."""
        self.has_more: bool = bool(self._path or self._headers or self._cookies)
        """There are parameters outside the query."""
        self._keys = secret_names(document)[1]
        self._defaults = _read_query(self._query, "", self._keys)

    def of_query(self, query: str) -> Read:
        """The values of a query, with defaults, and every violation."""
        if not query:
            return dict(self._defaults[0]), self._defaults[1]
        return _read_query(self._query, query, self._keys)

    def of_rest(self, path: str, headers: Headers, encoded: str = "") -> Read:
        """The values of the path, the headers and the cookies, and every violation; `encoded` is the encoded path."""
        found: dict[str, Any] = {}
        violations: list[Violation] = []
        for parameters, find in self._finders(path, headers, encoded):
            values, more = _read(parameters, find)
            found |= values
            violations += more
        return found, tuple(violations)

    def readings(self, query: str, path: str, headers: Headers, encoded: str = "") -> Iterator[ParameterReading]:
        """Each declared parameter as the request has it. A query that is not UTF-8 has none."""
        pairs = _query_pairs(query)
        of_query = [] if pairs is None else [(self._query, _query_finder(self._query, pairs, self._keys))]
        for parameters, find in chain(of_query, self._finders(path, headers, encoded)):
            for parameter in parameters:
                found = find(parameter)
                if found is None:
                    yield ParameterReading(parameter, False, not parameter.required)
                    continue
                value, violation = found
                yield ParameterReading(parameter, True, violation is None and _is_valid(parameter, value), value)

    def _finders(self, path: str, headers: Headers, encoded: str) -> Iterator[tuple[Iterable[Parameter], Find]]:
        """The parameters outside the query, by place, with the function that finds them."""
        variables = self._variables(path, encoded)
        # parameters that the path lacks are skipped
        yield (
            [each for each in self._path if each.name in variables],
            lambda each: each.of_texts([variables[each.name]]),
        )
        yield self._headers, _header_finder(headers)
        cookies = read_cookies(headers) if self._cookies else []
        yield self._cookies, lambda each: each.of_pairs(cookies)

    def _variables(self, path: str, encoded: str) -> Mapping[str, str]:
        found = (self._template.match(path.split("/")) if path else None) or {}
        variables = {name: text.replace("%2F", "/") for name, text in found.items()}
        if not (self._is_split and "%" in encoded and encoded.count("/") == path.count("/")):
            return variables
        for name, raw in (self._template.match(encoded.split("/")) or {}).items():
            text = _decoded(raw)
            if text is not None and text == variables.get(name):  # else an escape stands for a literal of the template
                variables[name] = text
        return variables


def _parameters_of(
    item: Mapping[str, Any], operation: Mapping[str, Any], document: Mapping[str, Any]
) -> tuple[Parameter, ...]:
    """The parameters of an operation. Its own replace those of its path."""
    found: dict[tuple[str, str], Parameter] = {}
    for each in (*(item.get("parameters") or ()), *(operation.get("parameters") or ())):
        data = dereference(document, each)
        name, place = data.get("name"), data.get("in")
        if place not in STYLES or (place == "header" and str(name).lower() in IGNORED_HEADERS):
            continue
        media_type, schema = next(((key, of) for key, of in (data.get("content") or {}).items()), (None, data))
        found[name, place] = Parameter.of(data, schema.get("schema", {}), document, media_type=media_type)
    return tuple(found.values())


def _read_query(parameters: Iterable[Parameter], query: str, reserved: frozenset[str]) -> Read:
    """The values of a query, with defaults, and every violation."""
    pairs = _query_pairs(query)
    if pairs is None:
        return {}, (Violation("", "the query is not UTF-8", "encoding"),)
    known = tuple(parameters)
    return _read(known, _query_finder(known, pairs, reserved))


def _query_pairs(query: str) -> Pairs | None:
    try:
        return read_pairs(query)
    except UnicodeDecodeError:
        return None


def _query_finder(known: tuple[Parameter, ...], pairs: Pairs, reserved: frozenset[str]) -> Find:
    """The pairs that no parameter claims are left to exploded objects, except the `reserved` ones: API keys, and the
    preferences of the mock, which begin with two underscores.
    """
    rest: list[tuple[str, str]] = []
    if any(parameter.is_spread and parameter.members.is_open for parameter in known):
        rest = [
            pair
            for pair in pairs
            if pair[0] not in reserved
            and not pair[0].startswith("__")
            and not any(parameter.claims(pair[0]) for parameter in known)
        ]
    return lambda parameter: parameter.of_pairs(pairs, rest)


def _header_finder(headers: Headers) -> Find:
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1").strip())

    def value_of(parameter: Parameter) -> tuple[Json, Violation | None] | None:
        texts = given.get(parameter.name.lower())
        # a repeated header means its values joined by commas
        return None if texts is None else parameter.of_texts([",".join(texts)])

    return value_of


def _read(parameters: Iterable[Parameter], find: Find) -> Read:
    """The values that `find` returns for each parameter, with defaults, and every violation."""
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for parameter in parameters:
        found = find(parameter)
        if found is None:
            if parameter.required:
                violations.append(Violation("", f"{parameter.subject} is missing; it is required", "required"))
            elif parameter.default:
                values[parameter.name] = parameter.default[0]
            continue
        value, violation = found
        if violation is not None:
            violations.append(violation)
            continue
        values[parameter.name] = value
        if not _is_valid(parameter, value):
            violations += parameter.violations(value)
    return values, tuple(violations)


def _is_valid(parameter: Parameter, value: Json) -> bool:
    return parameter.validator.is_valid(value) or (value == "" and parameter.may_be_empty)


def _decoded(raw: str) -> EncodedText | None:
    try:
        return EncodedText.of(raw, is_form=False)
    except UnicodeDecodeError:
        return None
