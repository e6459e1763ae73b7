"""Suggestions for a word that was meant to be another one."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The words `; did you mean X?` for the most similar known word; empty if none is similar."""
    from difflib import get_close_matches  # few words are wrong

    found = get_close_matches(given, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""
