"""Texts of parsed regular expressions, short and readable."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from mockserver.contract.mocking.sample.regex.parser import PatternParser
from mockserver.contract.mocking.sample.regex.parts import (
    Alternation,
    Backreference,
    CharacterSet,
    Concatenation,
    Group,
    Part,
)

MAX_LENGTH: Final = 5_000
REPEATS: Final = (1, 0, 2, 3, 5, 8, 12, 16, 20, 24, 32, 40, 64, 128, 256, 512, 1024, 4096)


def matching_texts(pattern: str, *, rng: random.Random | None = None) -> Iterator[str]:
    """Texts that probably match the pattern, from plain to long; raises UnreadablePattern."""
    part = PatternParser(pattern).parse()
    for variation in range(3):
        for repeats in REPEATS:
            writer = TextWriter(repeats, variation, rng)
            writer.write(part)
            if len(writer.text) <= MAX_LENGTH:
                yield writer.text


class TextWriter:
    """A writer of one text: `repeats` are added to each repetition, `variation` chooses branches and characters."""

    def __init__(self, repeats: int, variation: int, rng: random.Random | None) -> None:
        self.text = ""
        self._repeats = repeats
        self._variation = variation
        self._rng = rng
        self._groups: dict[int, str] = {}

    def write(self, part: Part) -> None:
        """Append a text of the part."""
        if len(self.text) > MAX_LENGTH:
            return
        if isinstance(part, CharacterSet):
            if self._rng is not None:
                self.text += self._rng.choice(part.characters[:62])
            else:
                self.text += part.characters[(len(self.text) + self._variation) % min(len(part.characters), 62)]
        elif isinstance(part, Concatenation):
            for each in part.parts:
                self.write(each)
        elif isinstance(part, Alternation):
            index = self._variation if self._rng is None else self._rng.randrange(len(part.branches))
            self.write(part.branches[index % len(part.branches)])
        elif isinstance(part, Group):
            before = len(self.text)
            self.write(part.part)
            self._groups[part.number] = self.text[before:]
        elif isinstance(part, Backreference):
            self.text += self._groups.get(part.number, "")
        else:
            times = part.least + self._repeats
            if part.least and self._repeats == 1:
                times = part.least
            if part.most is not None:
                times = min(times, part.most)
            for _ in range(min(times, MAX_LENGTH)):
                self.write(part.part)
