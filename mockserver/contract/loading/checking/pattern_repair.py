"""Repair of patterns that strict ECMA 262 does not read, but other regex engines do."""

from __future__ import annotations

import re
import warnings
from typing import Final

import jsonschema_rs

from mockserver.contract.schema.pattern import is_readable

# syntax beyond the strict grammar that web engines (ECMA 262, Annex B) or most other engines read
_ESCAPED_OR_QUANTIFIER_OR_BRACE: Final = re.compile(r"(\\[pPu]\{[^}]*\}|\\.|\{[0-9]+(?:,[0-9]*)?\})|[{}]", re.DOTALL)
_RANGE_OF_A_CLASS: Final = re.compile(r"(\\[dDwWsS])-(?!\])")
_GROUP_OR_ITS_NAME: Final = re.compile(
    r"\\k<(?P<called>[^>]*)>|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?<(?P<name>[^=!>][^>]*)>|(?!\?))", re.DOTALL
)
_FLAGS_AT_START: Final = re.compile(r"(\^?)\(\?([ims]+)\)(.*)", re.DOTALL)
_ESCAPED_OR_CLASS_OR_DOT: Final = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\.", re.DOTALL)
_PYTHON_GROUP: Final = re.compile(r"(\\.)|\(\?P<(?=[A-Za-z_])|\(\?P=([A-Za-z_][A-Za-z0-9_]*)\)", re.DOTALL)
_LITERAL: Final = re.compile(r"/(\^.*\$)/([a-z]*)", re.DOTALL)
_SYNONYMS: Final = {"[^]": r"[\s\S]", r"\A": "^", r"\z": "$", r"\Z": "$"}


def repair_pattern(pattern: str) -> str | None:
    """A readable pattern with the meaning that other engines give the unreadable one; None if there is none."""
    numbered = _numbered(_without_python_groups(_with_flags_of_a_group(pattern)))
    braces = _ESCAPED_OR_QUANTIFIER_OR_BRACE.sub(lambda found: found[1] or f"\\{found[0]}", numbered)
    other = _RANGE_OF_A_CLASS.sub(r"\1\\-", braces)
    for word, synonym in _SYNONYMS.items():
        other = other.replace(word, synonym)
    return other if is_readable(other) else None


def literal_parts(pattern: str) -> tuple[str, str] | None:
    """The pattern and the flags of a literal such as `/^a$/u`, which matches nothing as a pattern; None for others."""
    found = _LITERAL.fullmatch(pattern)
    return None if found is None else (found[1], found[2])


def with_flags(pattern: str, flags: str) -> str:
    """The pattern with the flags i, m or s: a group has the first two, as ECMA 2025 writes it; s is in each dot."""
    if "s" in flags:
        pattern = _ESCAPED_OR_CLASS_OR_DOT.sub(lambda found: found[1] or r"[\s\S]", pattern)
    others = flags.replace("s", "")
    return f"(?{others}:{pattern})" if others else pattern


def _with_flags_of_a_group(pattern: str) -> str:
    """The pattern with the flags at its start as those of a group around the rest."""
    found = _FLAGS_AT_START.fullmatch(pattern)
    return pattern if found is None else with_flags(found[1] + found[3], found[2])


def _without_python_groups(pattern: str) -> str:
    """The pattern with named groups and references to them in the words of the standard."""
    return _PYTHON_GROUP.sub(lambda found: found[1] or (f"\\k<{found[2]}>" if found[2] else "(?<"), pattern)


def _numbered(pattern: str) -> str:
    """The pattern with groups referred to by number. Not every engine reads references by name."""
    groups = [found["name"] for found in _GROUP_OR_ITS_NAME.finditer(pattern) if found[0].startswith("(")]
    numbers = {name: number for number, name in enumerate(groups, start=1) if name}
    return _GROUP_OR_ITS_NAME.sub(
        lambda found: f"(?:\\{numbers[found['called']]})" if found["called"] in numbers else found[0], pattern
    )


def is_of_another_engine(pattern: str) -> bool:
    """The unreadable pattern is valid by the standard or for Python's own engine."""
    if jsonschema_rs.Draft202012Validator({"format": "regex"}, validate_formats=True).is_valid(pattern):
        return True
    try:
        with warnings.catch_warnings(action="ignore"):  # Python warns of what another engine reads otherwise
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True
