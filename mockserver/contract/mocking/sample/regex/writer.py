"""Texts of parsed regular expressions, short and readable."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Final

from mockserver.contract.mocking.sample.regex.parser import PatternParser
from mockserver.contract.mocking.sample.regex.parts import (
    Alternation,
    Backreference,
    CharacterSet,
    Concatenation,
    Group,
    Part,
    Repetition,
)

MAX_LENGTH: Final = 100_000
MAX_REPEATED: Final = 5_000
"""The length of a text with more repetitions than the pattern asks for."""
REPEATS: Final = (1, 0, 2, 3, 5, 8, 12, 16, 20, 24, 32, 40, 64, 128, 256, 512, 1024, 4096)


def matching_texts(pattern: str, *, rng: random.Random | None = None) -> Iterator[str]:
    """Texts that probably match the pattern, from plain to long; raises UnreadablePattern."""
    part = PatternParser(pattern).parse()
    for variation in range(3):
        for repeats in REPEATS:
            writer = _TextWriter(repeats, variation, rng, max_length=MAX_LENGTH if repeats <= 1 else MAX_REPEATED)
            try:
                writer.write(part)
            except _TooLong:
                if repeats <= 1:
                    return
                continue
            yield writer.text()


class _TooLong(Exception):
    """The text is longer than allowed."""


class _TextWriter:
    """A writer of one text: `repeats` are added to each repetition, `variation` chooses branches and characters."""

    def __init__(self, repeats: int, variation: int, rng: random.Random | None, *, max_length: int) -> None:
        self.length = 0
        self._pieces: list[str] = []
        self._repeats = repeats
        self._variation = variation
        self._rng = rng
        self._max_length = max_length
        self._groups: dict[int, str] = {}

    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def write(self, part: Part) -> None:
        """Append a text of the part; raises _TooLong."""
        if isinstance(part, CharacterSet):
            self._append(self._character(part.characters))
        elif isinstance(part, Concatenation):
            for each in part.parts:
                self.write(each)
        elif isinstance(part, Alternation):
            index = self._variation if self._rng is None else self._rng.randrange(len(part.branches))
            self.write(part.branches[index % len(part.branches)])
        elif isinstance(part, Group):
            before = len(self._pieces)
            self.write(part.part)
            self._groups[part.number] = "".join(self._pieces[before:])
        elif isinstance(part, Backreference):
            self._append(self._groups.get(part.number, ""))
        else:
            self._repeat(part)

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self.length += len(piece)
        if self.length > self._max_length:
            raise _TooLong

    def _character(self, characters: Sequence[str]) -> str:
        if self._rng is not None:
            return self._rng.choice(characters[:62])
        return characters[(self.length + self._variation) % min(len(characters), 62)]

    def _repeat(self, repetition: Repetition) -> None:
        times = repetition.least + self._repeats
        if repetition.least and self._repeats == 1:
            times = repetition.least
        if repetition.most is not None:
            times = min(times, repetition.most)
        for _ in range(min(times, MAX_LENGTH + 1)):
            before = self.length
            self.write(repetition.part)
            if self.length == before:
                return
