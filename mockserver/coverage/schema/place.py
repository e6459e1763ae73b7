"""The place of a keyword: the body or parameter it belongs to, the way to it, and a name for a person."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from mockserver.contract.pointer import pointer_of

_LONGEST: Final = 60


class Place(NamedTuple):
    """A place in the schema of a body or a parameter. `of` is the media type, or place and name of the parameter.

    `within` is the alternative that the place belongs to, for a person.
    """

    of: str
    path: tuple[str | int, ...] = ()
    name: str = ""
    within: str = ""

    @property
    def subject(self) -> str:
        """The subject of the goals of this place."""
        return f"{self.of} {pointer_of(self.path)}"

    def below(self, *steps: str | int, name: str = "") -> Place:
        """The place below some steps; `name` is the part of the value that it judges, if that is another."""
        return self._replace(path=(*self.path, *steps), name=_joined(self.name, name))

    def member(self, name: str) -> Place:
        """The place of a member's schema."""
        return self.below("properties", name, name=name)

    def label(self, text: str) -> str:
        """A text on the place, for a person."""
        return f"{self.name or 'the whole value'}: {text}{f', in {self.within}' if self.within else ''}"


def shown(value: Any) -> str:
    """A value of the document, as short as a label needs it."""
    text = value if isinstance(value, str) else in_json(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def in_json(value: Any) -> str:
    """A value of the document as JSON, cut."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _joined(name: str, part: str) -> str:
    return f"{name}.{part}" if name and part and not part.startswith("[") else f"{name}{part}"
