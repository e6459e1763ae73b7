"""Reading a control call: its query or its body, field by field.

Rule 1: a field that is not known is refused by name, before anything is done.
Rule 2: every refusal says what was given and what would be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from mockserver.domain.errors import FieldError, InvalidRequest

_LARGEST: Final = 2**63 - 1


class Fields:
    """The named values of a query or a body."""

    def __init__(self, values: Mapping[str, Any], *, known: frozenset[str], place: str, pointer: str = "") -> None:
        self._values = values
        self._place = place
        self._pointer = pointer
        for name in values:
            if name not in known:
                takes = f"it takes {', '.join(sorted(known))}" if known else "it takes none"
                raise self.wrong(name, f"the {place} has {name[:80]!r}, which is not known; {takes}", code="unknown")

    @classmethod
    def of_query(cls, query: str, *, known: frozenset[str]) -> Fields:
        """The fields of a query string."""
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError:
            raise InvalidRequest("the query cannot be read; name=value pairs in UTF-8 are needed") from None
        values = dict(pairs)
        if len(values) != len(pairs):
            raise InvalidRequest("the query names something twice; each name once is needed")
        return cls(values, known=known, place="query")

    @classmethod
    def of_body(cls, body: Any, *, known: frozenset[str]) -> Fields:
        """The fields of a JSON body."""
        if not isinstance(body, dict):
            raise InvalidRequest(
                "the body is no JSON object; one is needed", field_errors=[FieldError("", "no object", "type")]
            )
        return cls(body, known=known, place="body")

    def member(self, name: str, *, known: frozenset[str]) -> Fields | None:
        """The fields of a member that is an object; None where there is none."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(name, f"{name} is {value!r:.60}; an object is needed")
        return Fields(value, known=known, place=name, pointer=f"{self._pointer}/{name}")

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def names(self, name: str) -> bool:
        """Whether the field is there at all, be it null."""
        return name in self._values

    def get(self, name: str) -> Any:
        """The value as it was given; None where there is none."""
        return self._values.get(name)

    def needed(self, name: str) -> Any:
        """The value, which must be there."""
        if name not in self:
            raise self.wrong(name, f"the {self._place} has no {name!r}, which is needed", code="required")
        return self._values[name]

    def text(self, name: str) -> str | None:
        """The value, a text."""
        value = self.get(name)
        if value is not None and not isinstance(value, str):
            raise self.wrong(name, f"{name} is {value!r:.60}; a text is needed")
        return value

    def switch(self, name: str) -> bool | None:
        """The value, true or false."""
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(name, f"{name} is {value!r:.60}; true or false is needed")
        return value

    def integer(self, name: str, *, default: int, least: int, most: int | None = None) -> int:
        """The value, a whole number within bounds."""
        text = self._values.get(name)
        if text is None:
            return default
        digits = str(text)
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 40 else -1
        if value < least or (most is not None and value > most):
            bounds = f"from {least} to {most}" if most is not None else f"from {least} on"
            raise self.wrong(name, f"{name} is {digits[:60]!r}; a whole number {bounds} is needed")
        return min(value, _LARGEST)

    def wrong(self, name: str, message: str, *, code: str = "type") -> InvalidRequest:
        """The refusal of one field."""
        escaped = name.replace("~", "~0").replace("/", "~1")
        pointer = "" if self._place == "query" else f"{self._pointer}/{escaped}"
        return InvalidRequest(message, field_errors=[FieldError(pointer, message, code)])
