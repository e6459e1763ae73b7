"""Near misses of parameters: texts in the query, the path and headers that a careless reader stumbles over.

A right server may take or refuse them; it fails at none. The schema of a parameter is left to Schemathesis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, Final
from urllib.parse import quote

from mockserver.contract.mocking.sample import sample
from mockserver.contract.pointer import dereference
from mockserver_contracts.corpus.entry import KEY, CorpusEntry, Expected, NearMiss

_METHODS: Final = frozenset({"get", "delete", "head"})
_LONG: Final = "9" * 400
# As they stand in the request line.
_QUERY_TEXTS: Final = {
    "NUL": "%00",
    "no UTF-8": "%FF%FE",
    "a half-written escape": "%2",
    "a long number": _LONG,
    "a number with an exponent": "1e1",
    "a number with a plus": "%2B1",
    "a number of other digits": quote("\u0661\uff12"),
    "a number in hexadecimal": "0x10",
    "a list in brackets": "[1,2]",
    "a line end": "1%0D%0Ax:%20y",
}
_PATH_TEXTS: Final = {
    "NUL": "%00",
    "no UTF-8": "%FF%FE",
    "a path upwards": "..%2F..%2Fetc%2Fpasswd",
    "a long text": "a" * 3_000,
    "other letters": quote("Zürich-日本"),
    "a quote": "'%20OR%201=1--",
}
_HEADER_TEXTS: Final = {"nothing": "", "a long text": "a" * 3_000, "other letters": "Z\u00fcrich"}


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    place: str
    value: str


def parameter_misses(document: Mapping[str, Any], *, key_header: str, most: int) -> Iterator[CorpusEntry]:
    """The near misses of each operation that reads, at most so many."""
    for path, item in document.get("paths", {}).items():
        for method in item if isinstance(item, Mapping) else ():
            if method in _METHODS:
                yield from islice(_misses(document, path, method, key_header), most)


def _misses(document: Mapping[str, Any], path: str, method: str, key_header: str) -> Iterator[CorpusEntry]:
    parameters = list(_parameters(document, path, method))
    variants = [list(_variants(parameter)) for parameter in parameters]
    # One of every parameter first, then the second of every parameter.
    for row in zip_longest(*variants):
        for parameter, variant in zip(parameters, row, strict=True):
            if variant is not None:
                cause, query, text, header = variant
                yield CorpusEntry(
                    operation=f"{method.upper()} {path}",
                    origin="near-miss",
                    method=method.upper(),
                    target=_target(path, parameters, parameter, text) + (f"?{query}" if query else ""),
                    headers=(
                        ("accept", "*/*"),
                        ("user-agent", "videodb-mockserver-check"),
                        (key_header, KEY),
                        *([] if header is None else [(parameter.name, header)]),
                    ),
                    body=b"",
                    expected=Expected.EITHER,
                    miss=NearMiss(f"{parameter.place} {parameter.name}: {cause}"),
                )


def _variants(parameter: _Parameter) -> Iterator[tuple[str, str, str | None, str | None]]:
    """The cause, the query, the text in the path, and the value of the header."""
    name, value = quote(parameter.name, safe=""), quote(parameter.value, safe="")
    if parameter.place == "query":
        yield "twice", f"{name}={value}&{name}={value}", None, None
        yield "a list by its name", f"{name}[]={value}&{name}[]={value}", None, None
        yield "a member", f"{name}[a]={value}&{name}[a][b]={value}", None, None
        yield "a member of every object", f"{name}[__proto__][x]={value}", None, None
        yield "without a value", name, None, None
        for cause, text in _QUERY_TEXTS.items():
            yield cause, f"{name}={text}", None, None
    elif parameter.place == "path":
        for cause, text in _PATH_TEXTS.items():
            yield cause, "", text, None
    elif parameter.place == "header":
        for cause, text in _HEADER_TEXTS.items():
            yield cause, "", None, text


def _parameters(document: Mapping[str, Any], path: str, method: str) -> Iterator[_Parameter]:
    item = document["paths"][path]
    for declared in (*item.get("parameters", ()), *item[method].get("parameters", ())):
        try:
            parameter = dereference(document, declared)
            value = sample(parameter.get("schema", {}), document, direction="request")
            yield _Parameter(str(parameter["name"]), str(parameter["in"]), "1" if value is None else str(value))
        except (LookupError, AttributeError, TypeError):
            continue


def _target(path: str, parameters: list[_Parameter], missed: _Parameter, text: str | None) -> str:
    """The path with a value for each of its parameters."""
    for parameter in parameters:
        if parameter.place == "path":
            is_missed = parameter is missed and text is not None
            value = str(text) if is_missed else quote(parameter.value, safe="")
            path = path.replace(f"{{{parameter.name}}}", value)
    return path
