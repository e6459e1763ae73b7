"""Whom a server follows where the voices of the page contradict each other.

Rule 1: a contradiction is a largest set of claims each of which contradicts every other.
Rule 2: a server follows the voices whose claims it upholds; while one claim is undecided, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from mockserver_contracts.results.verdict import Verdict

VOICES: Final = ("prose", "python-sample", "javascript-sample", "openapi")
Side = Literal["one", "several", "none", "undecided"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Claims that can't all be the only truth, and the voices among theirs that a server follows."""

    claims: tuple[str, ...]
    follows: tuple[str, ...]
    side: Side

    @property
    def name(self) -> str:
        """The claims, in the order of the page."""
        return " / ".join(self.claims)

    @property
    def sides_with(self) -> str | None:
        """The voices followed, joined by a comma; None where there is none, or where it is undecided."""
        return ", ".join(self.follows) or None


def contradictions(claims: Sequence[Mapping[str, Any]], verdicts: Mapping[str, Verdict]) -> tuple[Contradiction, ...]:
    """Every contradiction among the claims, in the order of the page; a claim without a verdict is undecided."""
    order = {claim["id"]: place for place, claim in enumerate(claims)}
    voices = {claim["id"]: claim["voice"] for claim in claims}
    groups = sorted(sorted(order[claim] for claim in group) for group in _groups(_neighbours(claims)))
    ids = tuple(order)
    return tuple(_decided(tuple(ids[place] for place in group), voices, verdicts) for group in groups)


def _decided(group: tuple[str, ...], voices: Mapping[str, str], verdicts: Mapping[str, Verdict]) -> Contradiction:
    found = [verdicts.get(claim, "undecided") for claim in group]
    if "undecided" in found:
        return Contradiction(group, (), "undecided")
    upheld = {voices[claim] for claim, verdict in zip(group, found, strict=True) if verdict == "upheld"}
    follows = tuple(voice for voice in VOICES if voice in upheld)
    sides: tuple[Side, Side] = ("none", "one")
    return Contradiction(group, follows, "several" if len(follows) > 1 else sides[len(follows)])


def _neighbours(claims: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    # One claim naming the other is enough: who contradicts is contradicted.
    known = {claim["id"] for claim in claims}
    pairs = {(claim["id"], other) for claim in claims for other in claim.get("contradicts", ()) if other in known}
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
