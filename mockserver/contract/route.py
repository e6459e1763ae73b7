"""Which path template a path falls under, and what stands for the template's variables.

Rule 1: a literal path is found by one look-up; of templates those are tried that have as many segments and begin alike.
Rule 2: the more concrete template wins: fewer variables, then the one whose variables come later.
Rule 3: a match takes no longer than the path is long, whatever the template: `/a/{b}.{c}` is read from left to right,
        and each variable ends where the text after it first stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

VARIABLE: Final = re.compile(r"\{([^{}]*)\}")

Target = TypeVar("Target")


class Template:
    """A path with variables."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._segments = [_Segment(each) for each in template.split("/")]
        self.length = len(self._segments)
        self.first = template.split("/")[1]

    @property
    def rank(self) -> tuple[Any, ...]:
        """What orders templates, the most concrete first."""
        return len(VARIABLE.findall(self.template)), [bool(each.names) for each in self._segments]

    def match(self, segments: Sequence[str]) -> Mapping[str, str] | None:
        """The variables by name, if the segments of a path fall under the template."""
        found: dict[str, str] = {}
        for segment, text in zip(self._segments, segments, strict=True):
            if not segment.take(text, found):
                return None
        return found


class _Segment:
    """A segment of a template: literals around variables."""

    def __init__(self, text: str) -> None:
        parts = VARIABLE.split(text)
        self.literals, self.names = parts[::2], parts[1::2]

    def take(self, text: str, found: dict[str, str]) -> bool:
        """Whether a segment of a path is of this form; its variables are added to those found."""
        if not self.names:
            return text == self.literals[0]
        head, tail = self.literals[0], self.literals[-1]
        if not text.startswith(head) or not text.endswith(tail) or len(text) < len(head) + len(tail):
            return False
        at, end = len(head), len(text) - len(tail)
        for name, literal in zip(self.names[:-1], self.literals[1:-1], strict=True):
            # a variable has at least one character, two without anything between them share the first one out
            stop = text.find(literal, at + 1, end)
            if stop < 0 or at >= end:
                return False
            found[name] = text[at:stop]
            at = stop + len(literal)
        found[self.names[-1]] = text[at:end]
        return at < end


class Routes(Generic[Target]):
    """Targets by the path or template that leads to them."""

    def __init__(self) -> None:
        self._literal: dict[str, Target] = {}
        self._templated: dict[tuple[int, str | None], list[tuple[Template, Target]]] = {}

    def add(self, path: str, target: Target) -> None:
        """Lead a path or template to a target."""
        if "{" not in path:
            self._literal[path] = target
            return
        template = Template(path)
        key = (template.length, None if "{" in template.first else template.first)
        known = self._templated.setdefault(key, [])
        known.append((template, target))
        known.sort(key=lambda pair: pair[0].rank)

    def find(self, path: str) -> Target | None:
        """The target of the path, if there is one."""
        if (found := self._literal.get(path)) is not None:
            return found
        return next((target for _, target in self._matching(path)), None)

    def _matching(self, path: str) -> Iterator[tuple[Template, Target]]:
        segments = path.split("/")
        if len(segments) < 2:
            return
        candidates = [each for first in (segments[1], None) for each in self._templated.get((len(segments), first), ())]
        for template, target in (
            sorted(candidates, key=lambda pair: pair[0].rank) if len(candidates) > 1 else candidates
        ):
            if template.match(segments) is not None:
                yield template, target
