"""Sets of characters in patterns: shorthands, Unicode properties and ranges. Letters come first, then digits."""

from __future__ import annotations

from typing import Final

from mockserver.contract.mocking.sample.regex.parts import CharacterSet

READABLE: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ :@#+,;=!?%&*~$'\"()[]{}<>|\\^`"
BEYOND: Final = "éß日本\u00a0\t\n\u2028🎬"

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


def property_set(name: str, *, is_negated: bool) -> CharacterSet | None:
    """The set of a Unicode property such as `L` or `Lowercase_Letter`; None if no known character has it."""
    import unicodedata

    short = {"Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Number": "N", "Punctuation": "P"}
    category = short.get(name.partition("=")[2] or name, name.partition("=")[2] or name)
    known = [each for each in READABLE + BEYOND if unicodedata.category(each).startswith(category) is not is_negated]
    return CharacterSet(known) if known else None


def range_set(first: str, last: str) -> set[str]:
    """The known characters of a range, and its first one."""
    return {first} | {each for each in READABLE + BEYOND if first <= each <= last}
