"""Values for templates: what no template says is not worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Told(dict[str, Any], Generic[T]):
    """What can be said of a thing: values by name, each worked out when it is first asked for by that name."""

    __slots__ = ("_thing", "_ways")

    def __init__(self, ways: Mapping[str, Callable[[T], Any]], thing: T) -> None:
        self._ways = ways
        self._thing = thing

    def __missing__(self, name: str) -> Any:
        value = self[name] = self._ways[name](self._thing)
        return value

    def get(self, name: str, default: Any = None, /) -> Any:
        return self[name] if name in self._ways else default
