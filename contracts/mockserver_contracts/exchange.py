"""A request, its response, and the two together: one form for the transport, the checks and the reports.

Rule 1: a request keeps the bytes that were sent: URL, header names and header values are latin-1 text.
Rule 2: headers have one decoder, `Headers.decode`; a header that comes twice reads as one, joined by commas.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

RawHeaders = list[tuple[bytes, bytes]]


class Headers(Mapping[str, str]):
    """Header lines in their order; as a mapping, each name with its values joined."""

    __slots__ = ("_values", "lines")

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self.lines = tuple(lines)
        self._values: dict[str, str] = {}
        for name, value in self.lines:
            self._values[name] = f"{self._values[name]}, {value}" if name in self._values else value

    @classmethod
    def decode(cls, raw: Iterable[tuple[bytes, bytes]]) -> Headers:
        """The headers as they came over the wire."""
        return cls((bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in raw)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({self._values!r})"


def encode_headers(headers: Mapping[str, str]) -> RawHeaders:
    """The headers as they go over the wire."""
    lines = headers.lines if isinstance(headers, Headers) else headers.items()
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in lines]


def as_latin_1(text: str) -> str:
    """The UTF-8 bytes of the text, one character for each: the form in which a request keeps its bytes.

    A target may answer with an id that has half of a character.
    """
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a target."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def size(self) -> tuple[int, str, bytes]:
        """A total order in which the simplest request comes first."""
        return len(self.url) + len(self.body), self.url, self.body

    def target_below(self, base: str) -> tuple[bytes, bytes]:
        """The path and the query as they stand in the request line, below the base URL of a target."""
        path, _, query = self.url.removeprefix(base.rstrip("/")).encode("latin-1").partition(b"?")
        return path, query

    def path_below(self, base: str) -> str:
        """The path below the base URL of a target."""
        return self.url.removeprefix(base.rstrip("/")).partition("?")[0]


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of the header, whatever the case of its name; None if it is missing."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


class NoResponse(Exception):
    """The request got no whole response; `cause` is a word for it, `gone` means that nobody listens any more."""

    def __init__(self, cause: str, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.cause = cause
        self.gone = gone


def shortened(response: Response) -> Response:
    """The response with the beginning of a very long body: a run keeps hundreds of answers."""
    return response if len(response.body) <= _LARGE else replace(response, body=_beginning(response.body))


@lru_cache(maxsize=2)
def _beginning(body: bytes) -> bytes:
    # Many findings of one answer share its beginning.
    return body[:_LARGE]


# Stands in an exchange for the response that did not come.
MISSING = Response(0, {})


def _read_number(text: str) -> Decimal | float:
    """The exact number; infinity for one that no binary64 holds, which readers read in different ways (RFC 8259)."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return math.inf
    return number if not number or number.adjusted() <= _LARGEST_EXPONENT else math.inf


_LARGEST_EXPONENT: Final = 308
_LARGE: Final = 256 * 1024
# `json.loads` makes a decoder of its own for each text, unless it has no options.
_EXACT: Final = json.JSONDecoder(parse_float=_read_number)


def _parse(body: bytes) -> Any:
    # A check reads many members of one answer. A large one takes thirty times its length as values.
    return (_parse_large if len(body) > _LARGE else _parse_small)(body)


def _decode(body: bytes) -> Any:
    return _EXACT.decode(body.decode(json.detect_encoding(body), "surrogatepass"))


_parse_small: Final = lru_cache(maxsize=4)(_decode)
_parse_large: Final = lru_cache(maxsize=1)(_decode)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response; without a whole response, `no_response` says why and `response` has status 0."""

    request: Request
    response: Response
    seconds: float = 0.0
    no_response: NoResponse | None = None

    @property
    def status(self) -> int:
        """The status of the response; 0 without one."""
        return self.response.status

    @property
    def is_accepted(self) -> bool:
        """The response has a 2xx status."""
        return 200 <= self.response.status < 300

    @property
    def is_refused(self) -> bool:
        """The response has a 4xx status."""
        return 400 <= self.response.status < 500

    @property
    def json(self) -> Any:
        """The response body as JSON with exact numbers; None if it is not JSON. The value is not to be changed."""
        try:
            return _parse(self.response.body)
        except (ValueError, RecursionError):
            return None

    def at(self, *names: str) -> Any:
        """The value below these member names of the JSON body; None if a name is missing."""
        value = self.json
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def header(self, name: str) -> str | None:
        """The value of a response header, whatever the case of its name; None if it is missing."""
        return self.response.header(name)

    @property
    def summary(self) -> str:
        """The status and the error code, in a few words."""
        code = self.at("error_code")
        return f"{self.status} {code}" if isinstance(code, str) and code else str(self.status)


Turn = tuple[Exchange, ...]
"""The exchanges of requests that were sent at the same time; most turns have one."""
