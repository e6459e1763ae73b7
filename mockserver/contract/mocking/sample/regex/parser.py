"""A parser of regular expressions (ECMA 262).

Rule 1: assertions are skipped, since no part of a text stands for them. The caller checks the text.
"""

from __future__ import annotations

import re
from typing import Final

from mockserver.contract.mocking.sample.regex.characters import choose, property_set, range_set, shorthand_set
from mockserver.contract.mocking.sample.regex.parts import (
    Alternation,
    Backreference,
    CharacterSet,
    Concatenation,
    Group,
    Part,
    Repetition,
)

MAX_DEPTH: Final = 60
_FLAGS: Final = re.compile("[ims]*(?:-[ims]+)?:")
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f", "0": "\0"}


class UnreadablePattern(Exception):
    """The parser can't read the pattern."""


class PatternParser:
    """A recursive-descent parser of one pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._groups = 0

    def parse(self) -> Part:
        """The whole pattern; raises UnreadablePattern."""
        part = self._alternation()
        if self._at < len(self._pattern):
            raise UnreadablePattern(self._pattern)
        return part

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise UnreadablePattern(self._pattern)
        self._at += 1
        return character

    def _skip(self, text: str) -> bool:
        if self._pattern.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _alternation(self) -> Part:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadablePattern(self._pattern)
        branches = [self._concatenation()]
        while self._skip("|"):
            branches.append(self._concatenation())
        self._depth -= 1
        return branches[0] if len(branches) == 1 else Alternation(branches)

    def _concatenation(self) -> Part:
        parts: list[Part] = []
        while self._peek() not in ("", "|", ")"):
            part = self._atom()
            if part is not None:
                parts.append(self._quantified(part))
            else:
                self._quantified(Concatenation(()))
        return Concatenation(parts)

    def _atom(self) -> Part | None:
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
            return choose(frozenset("\n\r\u2028\u2029"), is_negated=True)
        return CharacterSet(character)

    def _group(self) -> Part | None:
        is_assertion = False
        number = 0
        if self._skip("?"):
            if self._skip("<=") or self._skip("<!"):
                is_assertion = True
            elif self._skip("<"):
                while self._next() != ">":
                    pass
                number = self._groups = self._groups + 1
            elif self._skip("=") or self._skip("!"):
                is_assertion = True
            elif not self._skip_flags():
                raise UnreadablePattern(self._pattern)
        else:
            number = self._groups = self._groups + 1
        inner = self._alternation()
        if self._next() != ")":
            raise UnreadablePattern(self._pattern)
        return None if is_assertion else Group(number, inner) if number else inner

    def _skip_flags(self) -> bool:
        """Skip to the content of a group without a number. Its flags, if any, only let more texts pass, or fewer."""
        found = _FLAGS.match(self._pattern, self._at)
        if found is not None:
            self._at = found.end()
        return found is not None

    def _quantified(self, part: Part) -> Part:
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._peek())
        if bounds is not None:
            self._at += 1
        elif self._peek() == "{":
            bounds = self._braces()
        if bounds is None:
            return part
        self._skip("?")
        return Repetition(part, *bounds)

    def _braces(self) -> tuple[int, int | None] | None:
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at + 1 : end].partition(",") if end > 0 else ("", "", "")
        if not least.isdecimal() or len(least) > 6 or (most and not most.isdecimal()) or len(most) > 6:
            return None
        self._at = end + 1
        return int(least), int(most) if most else None if comma else int(least)

    def _escape(self) -> Part | None:
        character = self._next()
        if character in "bB":
            return None
        if character in "123456789":
            return Backreference(int(character))
        if character in "pP":
            return self._property(is_negated=character == "P")
        if (known := shorthand_set(character)) is not None:
            return known
        if character == "k":
            raise UnreadablePattern(self._pattern)
        return CharacterSet(self._code(character))

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
                raise UnreadablePattern(self._pattern) from None
        return _ESCAPES.get(character, character)

    def _property(self, *, is_negated: bool) -> CharacterSet:
        name = self._next()
        if name == "{":
            name = ""
            while (letter := self._next()) != "}":
                name += letter
        known = property_set(name, is_negated=is_negated)
        if known is None:
            raise UnreadablePattern(self._pattern)
        return known

    def _class(self) -> CharacterSet:
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
            found |= range_set(first, last)
        return choose(frozenset(found), is_negated=is_negated)

    def _member(self, found: set[str]) -> str | None:
        character = self._next()
        if character != "\\":
            return character
        character = self._next()
        if character in "pP":
            found.update(self._property(is_negated=character == "P").characters)
            return None
        if (known := shorthand_set(character)) is not None:
            found.update(known.characters)
            return None
        return "\b" if character == "b" else self._code(character)
