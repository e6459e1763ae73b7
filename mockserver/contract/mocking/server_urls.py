"""URLs of the document's servers in a response, which lead to the mock instead.

Rule 1: a text that begins with the URL of a server, up to `/`, `?`, `#` or its end, begins with the mock's address
        instead. The path of the server goes too: the mock serves the document's paths at its root.
Rule 2: the variables of a server's URL may have any value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from mockserver.contract.pointer import pointer_of
from mockserver.contract.route import VARIABLE
from mockserver.contract.strict_json import Json

_BRACKETED: Final = re.compile("<([^<>]*)>")


class ServerUrls:
    """The absolute URLs of servers."""

    def __init__(self, servers: Iterable[Any]) -> None:
        urls = (each.get("url") for each in servers if isinstance(each, Mapping))
        self._urls = tuple(url.rstrip("/") for url in urls if isinstance(url, str) and "://" in url)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self._urls:
            return None
        # the longest first: a server may be a part of another's URL
        patterns = sorted(map(_pattern_of, self._urls), key=len, reverse=True)
        return re.compile(f"(?:{'|'.join(patterns)})(?=[/?#]|$)")

    def may_occur(self, content: bytes) -> bool:
        """The bytes contain the beginning of a server's URL."""
        return any(head in content for head in self._heads)

    @cached_property
    def _heads(self) -> tuple[bytes, ...]:
        return tuple(VARIABLE.split(url)[0].encode() for url in self._urls)

    def replaced(self, text: str, base: str) -> str:
        """The text, at the mock's address if it begins with a server's URL."""
        found = self._pattern.match(text) if self._pattern is not None else None
        return text if found is None else base + text[found.end() :]

    def replaced_in_header(self, name: str, text: str, base: str) -> str:
        """The value of a header at the mock's address; a Link has its URLs in angle brackets."""
        if name.lower() != "link":
            return self.replaced(text, base)
        return _BRACKETED.sub(lambda found: f"<{self.replaced(found[1], base)}>", text)

    def replaced_in(self, value: Json, base: str) -> tuple[Json, tuple[str, ...]]:
        """A copy of the value with the mock's address, and the pointers to the changed texts."""
        pointers: list[str] = []
        return self._copy(value, base, (), pointers), tuple(pointers)

    def _copy(self, value: Json, base: str, path: tuple[str | int, ...], pointers: list[str]) -> Json:
        if isinstance(value, dict):
            return {name: self._copy(each, base, (*path, name), pointers) for name, each in value.items()}
        if isinstance(value, list):
            return [self._copy(each, base, (*path, index), pointers) for index, each in enumerate(value)]
        if not isinstance(value, str):
            return value
        text = self.replaced(value, base)
        if text != value:
            pointers.append(pointer_of(path))
        return text


def _pattern_of(url: str) -> str:
    parts = VARIABLE.split(url)
    return "[^/?#]+".join(re.escape(part) for part in parts[::2])
