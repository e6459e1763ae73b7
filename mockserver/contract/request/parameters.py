"""The parameters of an operation: from a path, a query, headers and cookies to values with types and defaults.

Rule 1: every fault is told, each naming its parameter.
Rule 2: what a document does not declare is not minded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote_plus

from mockserver.contract.pointer import dereferenced
from mockserver.contract.request.cookies import cookies
from mockserver.contract.request.parameter import STYLES, Parameter, a_parameter
from mockserver.contract.route import Template
from mockserver.contract.schema.violation import Violation
from mockserver.contract.strict_json import Json

Read = tuple[dict[str, Any], tuple[Violation, ...]]
"""Values by name, and what is wrong."""

IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
"""Headers that OpenAPI lets no parameter describe."""


class Parameters:
    """What an operation takes beside its body."""

    def __init__(
        self, template: str, item: Mapping[str, Any], operation: Mapping[str, Any], document: Mapping[str, Any]
    ) -> None:
        self._template = Template(template)
        found = _parameters_of(item, operation, document)
        self._query, self._path, self._headers, self._cookies = (
            tuple(parameter for parameter in found if parameter.place == place)
            for place in ("query", "path", "header", "cookie")
        )
        self.has_more: bool = bool(self._path or self._headers or self._cookies)
        """Whether there are some beside those of the query."""
        self._silent = _read_query(self._query, "")

    def of_query(self, query: str) -> Read:
        """The values of a query, defaults where it is silent, and every fault."""
        if not query:
            return dict(self._silent[0]), self._silent[1]
        return _read_query(self._query, query)

    def of_rest(self, path: str, headers: Sequence[tuple[bytes, bytes]]) -> Read:
        """The values of the path, the headers and the cookies, and every fault."""
        found: dict[str, Any] = {}
        violations: list[Violation] = []
        for values, faults in (
            _read_path(self._path, self._variables(path)),
            _read_headers(self._headers, headers),
            _read_cookies(self._cookies, headers),
        ):
            found |= values
            violations += faults
        return found, tuple(violations)

    def _variables(self, path: str) -> Mapping[str, str]:
        found = (self._template.match(path.split("/")) if path else None) or {}
        return {name: text.replace("%2F", "/") for name, text in found.items()}


def _parameters_of(
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


def _read_query(parameters: Iterable[Parameter], query: str) -> Read:
    """The values of a query, defaults where it is silent, and every fault."""
    try:
        pairs = _pairs_of(query)
    except UnicodeDecodeError:
        return {}, (Violation("", "the query is not UTF-8", "encoding"),)
    return _read(parameters, lambda parameter: parameter.of_pairs(pairs))


def _read_path(parameters: Iterable[Parameter], variables: Mapping[str, str]) -> Read:
    """The values of the variables in a path, and every fault; what no path can hold is not asked for."""
    known = [parameter for parameter in parameters if parameter.name in variables]
    return _read(known, lambda parameter: parameter.of_texts([variables[parameter.name]]))


def _read_headers(parameters: Iterable[Parameter], headers: Sequence[tuple[bytes, bytes]]) -> Read:
    """The values of headers, and every fault."""
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1").strip())

    def value_of(parameter: Parameter) -> tuple[Json, Violation | None] | None:
        texts = given.get(parameter.name.lower())
        # a header that comes several times means its values in a row
        return None if texts is None else parameter.of_texts([",".join(texts)])

    return _read(parameters, value_of)


def _read_cookies(parameters: Iterable[Parameter], headers: Sequence[tuple[bytes, bytes]]) -> Read:
    """The values of cookies, and every fault."""
    pairs = cookies(headers)
    return _read(parameters, lambda parameter: parameter.of_pairs(pairs))


def _read(parameters: Iterable[Parameter], given: Any) -> Read:
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


def _pairs_of(query: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for pair in query.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            pairs.append((unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")))
    return pairs
