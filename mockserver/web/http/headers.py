"""The headers of a request, by name."""

from __future__ import annotations

from itertools import chain
from typing import Final

from mockserver.asgi import Scope
from mockserver.web.http.reply import Header

KEY: Final = "mockserver.headers"
"""The key of the headers in a request's scope."""


class RequestHeaders:
    """The headers of a request. Names are in lower case."""

    __slots__ = ("_last", "host", "pairs")

    def __init__(self, pairs: list[Header]) -> None:
        self.pairs = pairs
        """The headers as they were sent, repeated ones too."""
        self._last = dict(pairs)
        host = self._last.get(b"host")
        is_unique = len(self._last) == len(pairs) or len(self.every(b"host")) == 1
        self.host = host.decode("latin-1") if host is not None and is_unique else None
        """The Host header; None if it is missing or repeated."""

    @property
    def size(self) -> int:
        """The bytes of all names and values."""
        return sum(map(len, chain.from_iterable(self.pairs)))

    def has(self, name: bytes) -> bool:
        """The request has the header."""
        return name in self._last

    def last(self, name: bytes) -> str | None:
        """The header's value; the last one if it is repeated."""
        value = self._last.get(name)
        return None if value is None else value.decode("latin-1")

    def every(self, name: bytes) -> list[bytes]:
        """The values of the header, in order."""
        value = self._last.get(name)
        if value is None:
            return []
        if len(self._last) == len(self.pairs):
            return [value]
        return [value for each, value in self.pairs if each == name]


def headers_of(scope: Scope) -> RequestHeaders:
    """The headers of a request."""
    found: RequestHeaders | None = scope.get(KEY)
    if found is None or found.pairs is not scope["headers"]:  # somebody between may have changed them
        found = scope[KEY] = RequestHeaders(scope["headers"])
    return found
