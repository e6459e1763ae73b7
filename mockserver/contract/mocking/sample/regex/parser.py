"""Texts that a regular expression of ECMA 262 matches, without a library that would have to be loaded for it.

Rule 1: what cannot be made up part by part, an assertion, is passed over; whoever asked checks.
Rule 2: the texts are short and readable: letters before digits before anything else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

READABLE: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ :@#+,;=!?%&*~$'\"()[]{}<>|\\^`"
BEYOND: Final = "éß日本\u00a0\t\n\u2028🎬"
LONGEST: Final = 5_000
REPEATS: Final = (1, 0, 2, 3, 5, 8, 12, 16, 20, 24, 32, 40, 64, 128, 256, 512, 1024, 4096)
DEEPEST: Final = 60

_DIGIT: Final = frozenset("0123456789")
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SPACE: Final = frozenset(" \t\n\u00a0\u2028")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f", "0": "\0"}


class NoText(Exception):
    """The pattern is not one that texts are made up for."""


@dataclass(frozen=True)
class _Set:
    """Characters to choose from, the readable ones first."""

    characters: Sequence[str]


@dataclass(frozen=True)
class _Row:
    parts: Sequence[_Part]


@dataclass(frozen=True)
class _Choice:
    branches: Sequence[_Part]


@dataclass(frozen=True)
class _Repeat:
    part: _Part
    least: int
    most: int | None


@dataclass(frozen=True)
class _Group:
    number: int
    part: _Part


@dataclass(frozen=True)
class _Again:
    """What a group matched, once more."""

    number: int


_Part = _Set | _Row | _Choice | _Repeat | _Group | _Again


def texts(pattern: str, *, dice: random.Random | None = None) -> Iterator[str]:
    """Texts that the pattern may match, from plain to long; raises NoText for a pattern that cannot be read."""
    part = _Reader(pattern).whole()
    for variation in range(3):
        for repeats in REPEATS:
            writer = _Writer(repeats, variation, dice)
            writer.write(part)
            if len(writer.text) <= LONGEST:
                yield writer.text


class _Writer:
    """Writes one text: each repetition so many times more than it must, each choice by the variation."""

    def __init__(self, repeats: int, variation: int, dice: random.Random | None) -> None:
        self.text = ""
        self._repeats = repeats
        self._variation = variation
        self._dice = dice
        self._groups: dict[int, str] = {}

    def write(self, part: _Part) -> None:
        if len(self.text) > LONGEST:
            return
        if isinstance(part, _Set):
            if self._dice is not None:
                self.text += self._dice.choice(part.characters[:62])
            else:
                self.text += part.characters[(len(self.text) + self._variation) % min(len(part.characters), 62)]
        elif isinstance(part, _Row):
            for each in part.parts:
                self.write(each)
        elif isinstance(part, _Choice):
            index = self._variation if self._dice is None else self._dice.randrange(len(part.branches))
            self.write(part.branches[index % len(part.branches)])
        elif isinstance(part, _Group):
            before = len(self.text)
            self.write(part.part)
            self._groups[part.number] = self.text[before:]
        elif isinstance(part, _Again):
            self.text += self._groups.get(part.number, "")
        else:
            times = part.least + self._repeats
            if part.least and self._repeats == 1:
                times = part.least
            if part.most is not None:
                times = min(times, part.most)
            for _ in range(min(times, LONGEST)):
                self.write(part.part)


class _Reader:
    """Reads a pattern into its parts."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._groups = 0

    def whole(self) -> _Part:
        part = self._choice()
        if self._at < len(self._pattern):
            raise NoText(self._pattern)
        return part

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise NoText(self._pattern)
        self._at += 1
        return character

    def _skip(self, text: str) -> bool:
        if self._pattern.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _choice(self) -> _Part:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NoText(self._pattern)
        branches = [self._row()]
        while self._skip("|"):
            branches.append(self._row())
        self._depth -= 1
        return branches[0] if len(branches) == 1 else _Choice(branches)

    def _row(self) -> _Part:
        parts: list[_Part] = []
        while self._peek() not in ("", "|", ")"):
            part = self._atom()
            if part is not None:
                parts.append(self._quantified(part))
            else:
                self._quantified(_Row(()))
        return _Row(parts)

    def _atom(self) -> _Part | None:
        character = self._next()
        if character in "^$":
            return None
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character == ".":
            return _chosen(frozenset("\n\r\u2028\u2029"), is_negated=True)
        return _Set(character)

    def _group(self) -> _Part | None:
        is_asserting = False
        number = 0
        if self._skip("?"):
            if self._skip("<=") or self._skip("<!"):
                is_asserting = True
            elif self._skip("<"):
                while self._next() != ">":
                    pass
                number = self._groups = self._groups + 1
            elif self._skip("=") or self._skip("!"):
                is_asserting = True
            elif not self._skip(":"):
                raise NoText(self._pattern)
        else:
            number = self._groups = self._groups + 1
        inner = self._choice()
        if self._next() != ")":
            raise NoText(self._pattern)
        return None if is_asserting else _Group(number, inner) if number else inner

    def _quantified(self, part: _Part) -> _Part:
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._peek())
        if bounds is not None:
            self._at += 1
        elif self._peek() == "{":
            bounds = self._braces()
        if bounds is None:
            return part
        self._skip("?")
        return _Repeat(part, *bounds)

    def _braces(self) -> tuple[int, int | None] | None:
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at + 1 : end].partition(",") if end > 0 else ("", "", "")
        if not least.isdecimal() or len(least) > 6 or (most and not most.isdecimal()) or len(most) > 6:
            return None
        self._at = end + 1
        return int(least), int(most) if most else None if comma else int(least)

    def _escape(self) -> _Part | None:
        character = self._next()
        if character in "bB":
            return None
        if character in "123456789":
            return _Again(int(character))
        if character in "pP":
            return self._property(is_negated=character == "P")
        if (named := _named(character)) is not None:
            return _chosen(named[0], is_negated=named[1])
        if character == "k":
            raise NoText(self._pattern)
        return _Set(self._code(character))

    def _code(self, character: str) -> str:
        if character == "c":
            return chr(ord(self._next().upper()) % 32)
        if character in "xu":
            if character == "u" and self._skip("{"):
                digits = ""
                while (digit := self._next()) != "}":
                    digits += digit
            else:
                length = 2 if character == "x" else 4
                digits, self._at = self._pattern[self._at : self._at + length], self._at + length
            try:
                return chr(int(digits, 16))
            except (ValueError, OverflowError):
                raise NoText(self._pattern) from None
        return _ESCAPES.get(character, character)

    def _property(self, *, is_negated: bool) -> _Set:
        import unicodedata

        name = self._next()
        if name == "{":
            name = ""
            while (letter := self._next()) != "}":
                name += letter
        short = {"Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Number": "N", "Punctuation": "P"}
        category = short.get(name.partition("=")[2] or name, name.partition("=")[2] or name)
        known = [
            each for each in READABLE + BEYOND if unicodedata.category(each).startswith(category) is not is_negated
        ]
        if not known:
            raise NoText(self._pattern)
        return _Set(known)

    def _class(self) -> _Set:
        is_negated = self._skip("^")
        found: set[str] = set()
        ranges: list[tuple[str, str]] = []
        while self._peek() != "]":
            first = self._member(found)
            if first is None:
                continue
            if self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                last = self._member(found)
                if last is not None:
                    ranges.append((first, last))
                    continue
                found.add("-")
            found.add(first)
        self._at += 1
        for first, last in ranges:
            found |= {each for each in READABLE + BEYOND if first <= each <= last}
            found.add(first)
        return _chosen(frozenset(found), is_negated=is_negated)

    def _member(self, found: set[str]) -> str | None:
        character = self._next()
        if character != "\\":
            return character
        character = self._next()
        if character in "pP":
            found.update(self._property(is_negated=character == "P").characters)
            return None
        if (named := _named(character)) is not None:
            found.update(_chosen(named[0], is_negated=named[1]).characters)
            return None
        return "\b" if character == "b" else self._code(character)


def _named(character: str) -> tuple[frozenset[str], bool] | None:
    known = {"d": _DIGIT, "w": _WORD, "s": _SPACE}.get(character.lower())
    return None if known is None else (known, character.isupper())


def _chosen(characters: frozenset[str], *, is_negated: bool) -> _Set:
    if is_negated:
        return _Set([each for each in READABLE + BEYOND if each not in characters] or ["\U0001f3ac"])
    known = [each for each in READABLE if each in characters]
    return _Set(known + sorted(characters - set(known)) or ["a"])
