"""Selection of a declared response: status, media type and example, by the client's preferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from mockserver.contract.mocking.preferences import Preferences
from mockserver.contract.mocking.response import NoMockedResponse
from mockserver.contract.operation import Operation
from mockserver.contract.request.accept import rank_media_types

BODILESS: Final = frozenset({204, 205, 304})
NOTHING_DECLARED: Final = 204
"""The status of an operation that declares no responses."""

Selection: TypeAlias = tuple[int, str, tuple[str, str] | None, str | None]
"""A status, the name of its response, the declared media type with the one to send, and the name of an example."""


class Selector:
    """Selects among the declared responses of one operation."""

    def __init__(self, operation: Operation) -> None:
        self.name = operation.name
        self._responses = operation.responses

    def select(self, preferences: Preferences) -> Selection:
        """The response that the client prefers; raises NoMockedResponse."""
        status, name = self._status(preferences.code)
        content = self.content(name)
        if not content or status in BODILESS:
            if preferences.example is not None:
                raise self._no_example(preferences.example, status)
            return status, name, None, None
        accepted = rank_media_types(preferences.accept, list(content))
        if not accepted:
            declared = " or ".join(content)
            given = (preferences.accept or "")[:80]
            raise NoMockedResponse("accept", f"Accept is {given!r}; {status} has {declared}")
        if preferences.example is None:
            return status, name, accepted[0], None
        for each in accepted:
            if preferences.example in named_examples(content[each[0]]):
                return status, name, each, preferences.example
        raise self._no_example(preferences.example, status)

    def content(self, name: str) -> Mapping[str, Any]:
        """The media types of a declared response."""
        content = self._responses.get(name, {}).get("content")
        return content if isinstance(content, dict) else {}

    def _no_example(self, example: str, status: int) -> NoMockedResponse:
        names = [name for content in self.content(self._status(status)[1]).values() for name in named_examples(content)]
        known = ", ".join(dict.fromkeys(names)) or "none"
        return NoMockedResponse("example", f"{status} has no example {example[:80]!r}; its examples are: {known[:400]}")

    def _status(self, code: int | None) -> tuple[int, str]:
        """The status, and the name under which its response is declared."""
        declared = list(self._responses)
        if not declared and code is None:
            return NOTHING_DECLARED, ""
        if code is not None:
            for name in (str(code), f"{code // 100}XX", "DEFAULT"):
                if name in self._responses and 200 <= code <= 599:
                    return code, name
            known = ", ".join(name.lower() if name == "DEFAULT" else name for name in declared)
            raise NoMockedResponse("code", f"{self.name} declares no {code}; it has {known}")
        plain = sorted(int(name) for name in declared if name.isdecimal() and len(name) == 3 and "200" <= name <= "599")
        for status in plain:
            if status < 300:
                return status, str(status)
        if "2XX" in self._responses:
            return 200, "2XX"
        if "DEFAULT" in self._responses:
            return 200, "DEFAULT"
        if plain:
            return plain[0], str(plain[0])
        ranges = sorted(name for name in declared if name in ("3XX", "4XX", "5XX"))
        if ranges:
            return int(ranges[0][0]) * 100, ranges[0]
        raise NoMockedResponse("responses", f"{self.name} declares no response that can be sent")


def named_examples(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The `examples` of a media type or header, by name."""
    examples = content.get("examples")
    return examples if isinstance(examples, dict) else {}
