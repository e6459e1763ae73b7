"""The fields of a control request's query or body.

Rule 1: an unknown field is refused by name before the request has an effect.
Rule 2: every refusal states the given value and the valid ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from mockserver.contract.pointer import pointer_of
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
                valid = f"the valid ones are {', '.join(sorted(known))}" if known else "it takes none"
                raise self.error(name, f"the {place} has an unknown field {name[:80]!r}; {valid}", code="unknown")

    @classmethod
    def of_query(cls, query: str, *, known: frozenset[str]) -> Fields:
        """The fields of a query string."""
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError:
            raise InvalidRequest("the query cannot be read; name=value pairs in UTF-8 are needed") from None
        values = dict(pairs)
        if len(values) != len(pairs):
            raise InvalidRequest("the query repeats a name; each name is allowed once")
        return cls(values, known=known, place="query")

    @classmethod
    def of_body(cls, body: Any, *, known: frozenset[str]) -> Fields:
        """The fields of a JSON body."""
        if not isinstance(body, dict):
            raise InvalidRequest(
                "the body is not a JSON object", field_errors=[FieldError("", "not an object", "type")]
            )
        return cls(body, known=known, place="body")

    def member(self, name: str, *, known: frozenset[str]) -> Fields | None:
        """The fields of an object in this one; None if the field is absent or null."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.error(name, f"{name} is {value!r:.60}; an object is needed")
        return Fields(value, known=known, place=name, pointer=f"{self._pointer}/{name}")

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def has(self, name: str) -> bool:
        """The field is present, even if its value is null."""
        return name in self._values

    def get(self, name: str) -> Any:
        """The raw value; None if the field is absent."""
        return self._values.get(name)

    def required(self, name: str) -> Any:
        """The value of a field that must be present and not null."""
        if name not in self:
            raise self.error(name, f"the {self._place} needs the field {name!r}", code="required")
        return self._values[name]

    def text(self, name: str) -> str | None:
        """The value of a text field."""
        value = self.get(name)
        if value is not None and not isinstance(value, str):
            raise self.error(name, f"{name} is {value!r:.60}; a text is needed")
        return value

    def boolean(self, name: str) -> bool | None:
        """The value of a field that is true or false."""
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.error(name, f"{name} is {value!r:.60}; true or false is needed")
        return value

    def flag(self, name: str) -> bool | None:
        """The value of a query's field that is `true` or `false`."""
        text = self._values.get(name)
        if text not in (None, "true", "false"):
            raise self.error(name, f"{name} is {text!r:.60}; true or false is needed")
        return None if text is None else text == "true"

    def integer(self, name: str, *, default: int, least: int, most: int | None = None) -> int:
        """The value of a whole-number field between `least` and `most`."""
        text = self._values.get(name)
        if text is None:
            return default
        digits = str(text)
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 40 else -1
        if value < least or (most is not None and value > most):
            bounds = f"from {least} to {most}" if most is not None else f"from {least} on"
            raise self.error(name, f"{name} is {digits[:60]!r}; a whole number {bounds} is needed")
        return min(value, _LARGEST)

    def error(self, name: str, message: str, *, code: str = "type") -> InvalidRequest:
        """The refusal of one field."""
        pointer = "" if self._place == "query" else self._pointer + pointer_of([name])
        return InvalidRequest(message, field_errors=[FieldError(pointer, message, code)])
