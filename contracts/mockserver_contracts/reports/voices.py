"""The voices that a server follows where the page contradicts itself.

Rule 1: a contradiction is a largest set of claims of which each contradicts every other.
Rule 2: a server follows the voices whose claims it upholds. One undecided claim leaves the contradiction undecided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mockserver_contracts.results.claims import VOICES, Claim
from mockserver_contracts.results.verdict import Verdict

Alignment = Literal["one", "several", "none", "undecided"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Claims that exclude each other, and the voices among them that a server follows."""

    claims: tuple[str, ...]
    follows: tuple[str, ...]
    alignment: Alignment

    @property
    def name(self) -> str:
        """The ids of the claims, in the order of the page."""
        return " / ".join(self.claims)

    @property
    def sides_with(self) -> str | None:
        """The voices that the server follows, joined by a comma; None if there is none or it is undecided."""
        return ", ".join(self.follows) or None


def find_contradictions(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> tuple[Contradiction, ...]:
    """All contradictions among the claims, in the order of the page. A claim without a verdict is undecided."""
    order = {claim.id: place for place, claim in enumerate(claims)}
    voices: dict[str, str] = {claim.id: claim.voice for claim in claims}
    groups = sorted(sorted(order[claim] for claim in group) for group in _groups(_neighbours(claims)))
    ids = tuple(order)
    return tuple(_align(tuple(ids[place] for place in group), voices, verdicts) for group in groups)


def _align(group: tuple[str, ...], voices: Mapping[str, str], verdicts: Mapping[str, Verdict]) -> Contradiction:
    found = [verdicts.get(claim, "undecided") for claim in group]
    if not {"upheld", "violated"}.issuperset(found):
        return Contradiction(group, (), "undecided")
    upheld = {voices[claim] for claim, verdict in zip(group, found, strict=True) if verdict == "upheld"}
    follows = tuple(voice for voice in VOICES if voice in upheld)
    alignments: tuple[Alignment, Alignment] = ("none", "one")
    return Contradiction(group, follows, "several" if len(follows) > 1 else alignments[len(follows)])


def _neighbours(claims: Sequence[Claim]) -> dict[str, frozenset[str]]:
    # A contradiction holds in both directions, even if only one of the two claims names the other.
    known = {claim.id for claim in claims}
    pairs = {(claim.id, other) for claim in claims for other in claim.contradicts if other in known}
    both = pairs | {(other, claim) for claim, other in pairs}
    return {claim: frozenset(other for first, other in both if first == claim) - {claim} for claim, _ in both}


def _groups(neighbours: Mapping[str, frozenset[str]]) -> Iterator[frozenset[str]]:
    # Bron and Kerbosch's search for maximal cliques; the page has a handful of claims to search.
    def search(group: frozenset[str], candidates: frozenset[str], done: frozenset[str]) -> Iterator[frozenset[str]]:
        if not candidates and not done and len(group) > 1:
            yield group
        for claim in sorted(candidates):
            near = neighbours[claim]
            yield from search(group | {claim}, candidates & near, done & near)
            candidates, done = candidates - {claim}, done | {claim}

    yield from search(frozenset(), frozenset(neighbours), frozenset())
