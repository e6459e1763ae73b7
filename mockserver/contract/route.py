"""Routes: the path template of a path, and the values of its variables.

Rule 1: a literal path needs one look-up. Only templates with the same number of segments and the same first segment
        are tried.
Rule 2: the more concrete template wins: the one with variables in fewer segments, then the one with more text beside
        its variables (`/keys/{id}:rotate` before `/keys/{id}`), then the one with later variables.
Rule 3: the time of a match is linear in the length of the path. `/a/{b}.{c}` is read from left to right, and a variable
        ends at the first occurrence of the text after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from typing import Any, Final, Generic, TypeVar
from urllib.parse import unquote

VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_ENCODED_SLASH: Final = re.compile("%2f", re.IGNORECASE)

Target = TypeVar("Target")


def decoded_literals(path: str) -> str:
    """A path or template without percent-encodings, as a request's path is matched; an encoded slash stays."""
    return path if "%" not in path else "%2F".join(unquote(part) for part in _ENCODED_SLASH.split(path))


class PathTemplate:
    """A path with variables."""

    def __init__(self, template: str) -> None:
        self.template = template
        template = decoded_literals(template)
        self._segments = [_Segment(each) for each in template.split("/")]
        self.length = len(self._segments)
        self.first = template.split("/")[1]
        varying = [segment for segment in self._segments if segment.names]
        beside = sum(len(literal) for segment in varying for literal in segment.literals)
        is_bare = [not any(segment.literals) for segment in varying]
        self.rank: tuple[Any, ...] = (
            len(varying),
            sum(is_bare),
            [bool(segment.names) for segment in self._segments],
            -beside,
            len(VARIABLE.findall(template)),
        )
        """The sort key of templates, the most concrete first."""

    def match(self, segments: Sequence[str]) -> Mapping[str, str] | None:
        """The variables by name; None if the segments do not match the template."""
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
        """True if a segment of a path matches; its variables are added to `found`."""
        if not self.names:
            return text == self.literals[0]
        head, tail = self.literals[0], self.literals[-1]
        if not text.startswith(head) or not text.endswith(tail) or len(text) < len(head) + len(tail):
            return False
        at, end = len(head), len(text) - len(tail)
        for name, literal in zip(self.names[:-1], self.literals[1:-1], strict=True):
            # a variable has at least one character; of two adjacent variables the first one gets a single character
            stop = text.find(literal, at + 1, end)
            if stop < 0 or at >= end:
                return False
            found[name] = text[at:stop]
            at = stop + len(literal)
        found[self.names[-1]] = text[at:end]
        return at < end


class Routes(Generic[Target]):
    """Targets by path or template."""

    def __init__(self) -> None:
        self._literal: dict[str, Target] = {}
        self._templated: dict[tuple[int, str | None], list[tuple[PathTemplate, Target]]] = {}
        self._unsorted: set[tuple[int, str | None]] = set()

    def add(self, path: str, target: Target) -> None:
        """Add a target under a path or template."""
        if "{" not in path:
            self._literal[decoded_literals(path)] = target
            return
        template = PathTemplate(path)
        key = (template.length, None if "{" in template.first else template.first)
        self._templated.setdefault(key, []).append((template, target))
        self._unsorted.add(key)

    def find(self, path: str) -> Iterator[Target]:
        """The targets of a path, the most concrete first."""
        return (target for target, _ in self.matches(path))

    def matches(self, path: str) -> Iterator[tuple[Target, Mapping[str, str]]]:
        """The targets of a path with the values of their variables, the most concrete first."""
        if (found := self._literal.get(path)) is not None:
            yield found, {}
        yield from self._matching(path)

    def _sorted(self, key: tuple[int, str | None]) -> list[tuple[PathTemplate, Target]]:
        known = self._templated.get(key, [])
        if key in self._unsorted:
            known.sort(key=_rank)
            self._unsorted.discard(key)
        return known

    def _matching(self, path: str) -> Iterator[tuple[Target, Mapping[str, str]]]:
        segments = path.split("/")
        if len(segments) < 2:
            return
        lists = [self._sorted((len(segments), first)) for first in (segments[1], None)]
        for template, target in merge(*lists, key=_rank) if all(lists) else lists[0] or lists[1]:
            if (values := template.match(segments)) is not None:
                yield target, values


def _rank(pair: tuple[PathTemplate, Any]) -> tuple[Any, ...]:
    return pair[0].rank
