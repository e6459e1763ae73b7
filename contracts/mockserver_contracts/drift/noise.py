"""Noise: values that change between two answers of one server to the same request. They are no drift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockserver_contracts.drift.normalize import NormalizedResponse


@dataclass(frozen=True, slots=True)
class Noise:
    """The pointers at which a server's answers differ: by type, by word, by prose, by the form of an id."""

    types: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    prose: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()

    def __or__(self, other: Noise) -> Noise:
        return Noise(
            self.types | other.types,
            self.words | other.words,
            self.prose | other.prose,
            self.forms | other.forms,
        )


def is_steady(first: NormalizedResponse, again: NormalizedResponse) -> bool:
    """The server repeated its status."""
    return (first.outcome, first.status) == (again.outcome, again.status)


def find_noise(first: NormalizedResponse, again: NormalizedResponse) -> Noise:
    """Return the noise between two answers of one server."""
    return Noise(
        _differing(first.types, again.types),
        _differing(first.words, again.words),
        _differing(first.prose, again.prose),
        _differing(first.forms, again.forms),
    )


def remove_noise(response: NormalizedResponse, noise: Noise) -> NormalizedResponse:
    """Return the response without the noise and everything below it."""
    return replace(
        response,
        types=_without(response.types, noise.types),
        words=_without(response.words, noise.types | noise.words),
        prose=_without(response.prose, noise.types | noise.prose),
        forms=_without(response.forms, noise.types | noise.forms),
    )


def _differing(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(pointer for pointer in one.keys() | other.keys() if one.get(pointer) != other.get(pointer))


def _without(members: Mapping[str, frozenset[str]], pointers: frozenset[str]) -> dict[str, frozenset[str]]:
    return {
        pointer: values
        for pointer, values in members.items()
        if not any(pointer == noisy or pointer.startswith(noisy + "/") for noisy in pointers)
    }
