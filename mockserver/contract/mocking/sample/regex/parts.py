"""The parts of a regular expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CharacterSet:
    """Characters to choose from, the readable ones first."""

    characters: Sequence[str]


@dataclass(frozen=True)
class Concatenation:
    parts: Sequence[Part]


@dataclass(frozen=True)
class Alternation:
    branches: Sequence[Part]


@dataclass(frozen=True)
class Repetition:
    part: Part
    least: int
    most: int | None


@dataclass(frozen=True)
class Group:
    number: int
    part: Part


@dataclass(frozen=True)
class Backreference:
    """A repetition of the text that a group matched."""

    number: int


Part = CharacterSet | Concatenation | Alternation | Repetition | Group | Backreference
