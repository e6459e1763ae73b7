"""Sets of characters in patterns: shorthands, Unicode properties and ranges. Letters come first, then digits."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import Final

from mockserver.contract.mocking.sample.regex.parts import CharacterSet
from mockserver.contract.schema.pattern import is_readable, matches

READABLE: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ :@#+,;=!?%&*~$'\"()[]{}<>|\\^`"
BEYOND: Final = "éß日本\u00a0\t\n\u2028🎬"

MAX_KNOWN: Final = 12
"""The characters that are collected of a property that no readable character has."""

_LETTERS_AND_SYMBOLS: Final = (*range(0xA0, 0xD800), *range(0xE000, 0xFB00), *range(0x1F300, 0x1F700))
_DIGIT: Final = frozenset("0123456789")
_WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SPACE: Final = frozenset(" \t\n\u00a0\u2028")


def shorthand_set(character: str) -> CharacterSet | None:
    """The set of a shorthand such as `d` or `W`; None for another character."""
    known = {"d": _DIGIT, "w": _WORD, "s": _SPACE}.get(character.lower())
    return None if known is None else choose(known, is_negated=character.isupper())


def choose(characters: frozenset[str], *, is_negated: bool) -> CharacterSet:
    """The set of these characters, or of all others; never an empty one."""
    if is_negated:
        return CharacterSet([each for each in READABLE + BEYOND if each not in characters] or ["\U0001f3ac"])
    known = [each for each in READABLE if each in characters]
    return CharacterSet(known + sorted(characters - set(known)) or ["a"])


@lru_cache(maxsize=64)
def property_set(name: str, *, is_negated: bool) -> CharacterSet | None:
    """The set of a Unicode property such as `L`, `Lowercase_Letter` or `Script=Greek`; None if no character has it."""
    pattern = f"^\\{'P' if is_negated else 'p'}{{{name}}}$"
    if not is_readable(pattern):
        return None
    known = [each for each in READABLE + BEYOND if matches(pattern, each)]
    if not known:
        known = list(islice((each for each in map(chr, _LETTERS_AND_SYMBOLS) if matches(pattern, each)), MAX_KNOWN))
    return CharacterSet(known) if known else None


def range_set(first: str, last: str) -> set[str]:
    """The known characters of a range, and its first one."""
    return {first} | {each for each in READABLE + BEYOND if first <= each <= last}
