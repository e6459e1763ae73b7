"""What a server does not repeat when it is asked again is noise, and never a drift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockserver_contracts.drift.normalize import NormalizedResponse


def is_steady(first: NormalizedResponse, again: NormalizedResponse) -> bool:
    """Whether the server said the same thing twice, as far as anybody may rely on it."""
    return (first.verdict, first.status) == (again.verdict, again.status)


@dataclass(frozen=True, slots=True)
class Noise:
    """Pointers at which a server differs from itself: by type, by word, by what it says to people."""

    types: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    prose: frozenset[str] = frozenset()

    def __or__(self, other: Noise) -> Noise:
        return Noise(self.types | other.types, self.words | other.words, self.prose | other.prose)


def unrepeated(first: NormalizedResponse, again: NormalizedResponse) -> Noise:
    """Where the two answers of one server differ."""
    return Noise(
        _differing(first.types, again.types),
        _differing(first.words, again.words),
        _differing(first.prose, again.prose),
    )


def without(answer: NormalizedResponse, noise: Noise) -> NormalizedResponse:
    """The answer without the noise, or what is within it."""
    return replace(
        answer,
        types=_left(answer.types, noise.types),
        words=_left(answer.words, noise.types | noise.words),
        prose=_left(answer.prose, noise.types | noise.prose),
    )


def _differing(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(pointer for pointer in one.keys() | other.keys() if one.get(pointer) != other.get(pointer))


def _left(members: Mapping[str, frozenset[str]], pointers: frozenset[str]) -> dict[str, frozenset[str]]:
    return {
        pointer: told
        for pointer, told in members.items()
        if not any(pointer == noisy or pointer.startswith(noisy + "/") for noisy in pointers)
    }
