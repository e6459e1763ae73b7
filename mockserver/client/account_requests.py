"""The requests of an account, with assertions that name the nearest miss."""

from __future__ import annotations

import json as json_module
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Final, SupportsIndex, TypedDict, Unpack, overload
from urllib.parse import parse_qsl

from mockserver.client.shapes import ExchangeJson
from mockserver.printable import count

__tracebackhide__ = True  # pytest shows the line of the test that called, and not these

ANY: Final = object()
"""Any body, since None is a body: null."""


class RequestParts(TypedDict, total=False):
    """The parts of a request that an assertion may ask for, and the status of its answer."""

    json: Any
    query: Mapping[str, str | int]
    headers: Mapping[str, str]
    status: int


class AccountRequests(list[ExchangeJson]):
    """Exchanges, newest first. An assertion that fails names the request that comes nearest, and the difference.

    `path` may contain `*`, which matches anything. `json` is the whole body; `query` and `headers` are parts of the
    request's. `status` is that of the answer. An assertion that no request could meet raises ValueError or TypeError.
    A slice has the same assertions: `requests[:3]` are the three latest.
    """

    @overload
    def __getitem__(self, index: SupportsIndex) -> ExchangeJson: ...

    @overload
    def __getitem__(self, index: slice) -> AccountRequests: ...

    def __getitem__(self, index: SupportsIndex | slice) -> ExchangeJson | AccountRequests:
        """One exchange, or the exchanges of a slice."""
        if isinstance(index, slice):
            return AccountRequests(super().__getitem__(index))
        return super().__getitem__(index)

    def assert_called(
        self,
        method: str,
        path: str,
        *,
        times: int | None = None,
        **parts: Unpack[RequestParts],
    ) -> None:
        """Fail unless there was such a request; with `times`, unless there were exactly so many."""
        wanted = _wanted(method, path, parts)
        if times is not None and (type(times) is not int or times < 0):
            raise ValueError(f"times is {times!r}; a whole number, 0 or more, is needed")
        found = sum(not any(wanted.differences(exchange)) for exchange in self)
        if found == times or (times is None and found):
            return
        counted = f"{count(found, 'time')}, not {times}" if times is not None and found else "never"
        raise AssertionError("\n".join([f"{wanted} was sent {counted}", *self._nearest(wanted, found)]))

    def assert_called_once_with(self, method: str, path: str, **parts: Unpack[RequestParts]) -> None:
        """Fail unless there was exactly one such request, and no other of the method and path."""
        self.assert_called(method, path, **parts, times=1)
        self.assert_called(method, path, times=1)

    def assert_not_called(self, method: str = "*", path: str = "*") -> None:
        """Fail if there was a request of the method and path."""
        wanted = _wanted(method, path, {})
        found = [exchange for exchange in self if not any(wanted.differences(exchange))]
        if found:
            lines = [f"{wanted} was sent {count(len(found), 'time')}:", *map(_line, reversed(found))]
            raise AssertionError("\n".join(lines))

    def _nearest(self, wanted: _Wanted, found: int) -> Iterator[str]:
        if found:
            return
        if not self:
            yield "no request was sent; a client with another key or address is not seen here"
            return
        nearest = min(self, key=wanted.distance)
        number = len(self)
        yield (
            f"the nearest of {number} requests: {_line(nearest)}"
            if number > 1
            else f"the one request: {_line(nearest)}"
        )
        yield from (f"  {difference}" for difference in wanted.differences(nearest))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The request that an assertion asks for."""

    method: str
    path: str
    json: Any = ANY
    query: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None

    def __str__(self) -> str:
        body = "" if self.json is ANY else f" with {_text(self.json)}"
        return f"{self.method} {self.path}{body}"

    def distance(self, exchange: ExchangeJson) -> tuple[int, int]:
        """A measure of how far an exchange is from this: another method or path is further than any other part."""
        return len(list(self._address_differences(exchange))), len(list(self.differences(exchange)))

    def _address_differences(self, exchange: ExchangeJson) -> Iterator[str]:
        if not fnmatchcase(exchange["method"], self.method):
            yield f"method: {exchange['method']}, not {self.method}"
        if not fnmatchcase(exchange["path"], self.path):
            yield f"path: {exchange['path']}, not {self.path}"

    def differences(self, exchange: ExchangeJson) -> Iterator[str]:
        """The parts in which an exchange differs, each as a line."""
        yield from self._address_differences(exchange)
        yield from _differences("body", self.json, exchange["body"])
        query = dict(parse_qsl(exchange["query"], keep_blank_values=True))
        for name, value in self.query.items():
            text = value if isinstance(value, str | bool) else str(value)  # clients write a number as its text
            yield from _differences(f"query {name}", text, query.get(name))
        for name, value in self.headers.items():
            yield from _differences(f"header {name}", value, exchange["headers"].get(name.lower()))
        if self.status not in (None, exchange["status"]):
            yield f"status: {exchange['status']}, not {self.status}"


def _wanted(method: str, path: str, parts: RequestParts) -> _Wanted:
    """The request, unless it could never be sent: `assert_not_called("/billing/checkout")` would always hold."""
    for name, text in (("method", method), ("path", path)):
        if not isinstance(text, str):
            raise TypeError(f"{name} is {text!r}; a text is needed")
    if not re.fullmatch(r"[A-Za-z*?-]+", method):
        raise ValueError(f"method is {method!r}; a method such as POST or * is needed, and the path after it")
    if not path.startswith(("/", "*")) or "?" in path:
        raise ValueError(
            f"path is {path!r}; a path such as /billing/usage or /billing/*, without address and query, is needed"
        )
    if unknown := [name for name in parts if name not in RequestParts.__annotations__]:
        known = ", ".join(RequestParts.__annotations__)
        raise TypeError(f"a request has no part {unknown[0]!r}; an assertion takes {known}")
    for name, value in (("query", parts.get("query", {})), ("headers", parts.get("headers", {}))):
        if not isinstance(value, Mapping):
            raise TypeError(f"{name} is {value!r}; names with their values are needed, such as {{'limit': 5}}")
    if isinstance(status := parts.get("status", 200), bool) or not isinstance(status, int):
        raise TypeError(f"status is {status!r}; a number such as 200 is needed")
    if isinstance(parts.get("json"), bytes | bytearray):
        raise TypeError(f"json is {parts['json']!r:.60}; the value of a JSON text is needed, such as {{'amount': 50}}")
    return _Wanted(method.upper(), path, **parts)


def _differences(place: str, wanted: Any, given: Any) -> Iterator[str]:
    if wanted is ANY:
        return
    if isinstance(wanted, Mapping) and isinstance(given, Mapping):
        for name in dict.fromkeys([*wanted, *given]):
            if name not in given:
                yield f"{place}/{name}: missing, not {_text(wanted[name])}"
            elif name not in wanted:
                yield f"{place}/{name}: {_text(given[name])}, not expected"
            else:
                yield from _differences(f"{place}/{name}", wanted[name], given[name])
    elif not _equal(wanted, given):
        yield f"{place}: {_text(given)}, not {_text(wanted)}"


def _equal(wanted: Any, given: Any) -> bool:
    """The values are equal as JSON: true is not 1, and a float is the number that it is written as."""
    if isinstance(wanted, bool) or isinstance(given, bool):
        return wanted is given
    if isinstance(wanted, float):
        wanted = Decimal(repr(wanted))
    if isinstance(wanted, list | tuple) and isinstance(given, list):
        return len(wanted) == len(given) and all(map(_equal, wanted, given))
    if isinstance(wanted, Mapping) and isinstance(given, Mapping):
        return wanted.keys() == given.keys() and all(_equal(wanted[name], given[name]) for name in wanted)
    return bool(wanted == given)


def describe_exchanges(exchanges: Iterable[ExchangeJson]) -> Iterator[str]:
    """A line for each exchange, with its body and with lines on what left the contract; in the given order."""
    for exchange in exchanges:
        yield _line(exchange)
        if exchange["body"] is not None:
            yield f"    {_text(exchange['body'])[:2000]}"
        for side in ("request", "response"):
            for violation in exchange["contract"][side]:
                yield f"    {side} left the contract at {violation['pointer'] or 'its body'}: {violation['message']}"
        yield from (f"    note: {note}" for note in exchange["notes"])


def _line(exchange: ExchangeJson) -> str:
    query = f"?{exchange['query']}" if exchange["query"] else ""
    answer = exchange["status"] or "no answer"
    fault = f", fault {exchange['fault']}" if exchange["fault"] else ""
    return f"{exchange['method']} {exchange['path']}{query} -> {answer}{fault}"


def _text(value: Any) -> str:
    return json_module.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    """A number that JSON has no type for, as the client sent it; a text where a float would differ."""
    if isinstance(value, Decimal) and Decimal(str(float(value))) == value:
        return float(value)
    return str(value)
