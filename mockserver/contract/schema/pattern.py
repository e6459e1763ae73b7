"""Patterns of ECMA 262, found in bounded time whoever wrote them: Python's own engine can take for ever."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import jsonschema_rs

# What is read in spite of the strict grammar, by engines for the web (ECMA 262, Annex B) or by most others.
_ESCAPED_OR_QUANTIFIER_OR_BRACE: Final = re.compile(r"(\\[pPu]\{[^}]*\}|\\.|\{[0-9]+(?:,[0-9]*)?\})|[{}]", re.DOTALL)
_RANGE_OF_A_CLASS: Final = re.compile(r"(\\[dDwWsS])-(?!\])")
_GROUP_OR_ITS_NAME: Final = re.compile(
    r"\\k<(?P<called>[^>]*)>|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?<(?P<name>[^=!>][^>]*)>|(?!\?))", re.DOTALL
)
_OTHER_WORDS: Final = {"[^]": r"[\s\S]", r"\A": "^", r"\z": "$", r"\Z": "$"}


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text; one that gives no answer in time is not."""
    return _compiled(pattern).is_valid(text)


def is_readable(pattern: str) -> bool:
    """Whether texts can be held to the pattern."""
    try:
        # of the drafts that are used the stricter
        jsonschema_rs.Draft4Validator({"pattern": pattern}, offline=True)
    except ValueError:
        return False
    return True


def mended(pattern: str) -> str | None:
    """A readable pattern that means what an unreadable one means to those who read it; None where there is none."""
    numbered = _numbered(pattern)
    braces = _ESCAPED_OR_QUANTIFIER_OR_BRACE.sub(lambda found: found[1] or f"\\{found[0]}", numbered)
    other = _RANGE_OF_A_CLASS.sub(r"\1\\-", braces)
    for word, ours in _OTHER_WORDS.items():
        other = other.replace(word, ours)
    return other if is_readable(other) else None


def _numbered(pattern: str) -> str:
    """The pattern with its groups called by their numbers, which every engine knows, and not by their names."""
    groups = [found["name"] for found in _GROUP_OR_ITS_NAME.finditer(pattern) if found[0].startswith("(")]
    numbers = {name: number for number, name in enumerate(groups, start=1) if name}
    return _GROUP_OR_ITS_NAME.sub(
        lambda found: f"(?:\\{numbers[found['called']]})" if found["called"] in numbers else found[0], pattern
    )


def is_of_another_engine(pattern: str) -> bool:
    """Whether an unreadable pattern is one all the same: by the standard, or by Python's own engine."""
    if jsonschema_rs.Draft202012Validator({"format": "regex"}, validate_formats=True).is_valid(pattern):
        return True
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
