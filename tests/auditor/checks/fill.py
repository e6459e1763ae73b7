"""Effects that explain each change between two states exactly.

A search keeps every set of uncertain effects that may have happened so far. Effects of the same changes and the same
last gap are alike, so a set is a count for each kind. Where the sets are too many, it ends without a verdict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.auditor.checks.effects import NOTHING, Credits, Effect
from tests.auditor.checks.levels import Levels

MOST_SETS = 200
MOST_STEPS = 1_000_000
MOST_STEPS_IN_A_GAP = 50_000


class Kind(NamedTuple):
    """Effects that are alike: the same changes, the same last gap."""

    last: int
    is_optional: bool
    variants: tuple[Credits, ...]


class TooMany(Exception):
    """The sets are too many to try."""


Taken = frozenset[tuple[Kind, int]]
"""The effects that happened before their last gap, as a count for each kind."""


class Fill:
    """The search for effects that fill every gap of one account."""

    def __init__(self, levels: Levels, effects: list[Effect]) -> None:
        self._levels = levels
        self._starting: defaultdict[int, list[Kind]] = defaultdict(list)
        self._fixed: defaultdict[int, list[Effect]] = defaultdict(list)
        for effect in effects:
            if not (gaps := levels.gaps(effect)):
                continue
            if effect.is_certain and len(gaps) == 1:
                self._fixed[gaps[0]].append(effect)
            else:
                self._starting[gaps[0]].append(Kind(gaps[-1], not effect.is_certain, effect.variants))
        self._steps = self._most_steps = 0

    def search(self) -> int | None:
        """The first gap that no set of effects fills exactly; None if all are filled. Raises TooMany."""
        available: dict[Kind, int] = {}
        sets: set[Taken] = {frozenset()}
        for gap, (lower, upper) in enumerate(zip(self._levels.values, self._levels.values[1:], strict=False)):
            for kind in self._starting[gap]:
                available[kind] = available.get(kind, 0) + 1
            sets = self._filled(gap, upper.minus(lower), available, sets)
            if not sets:
                return gap
            over = [kind for kind in available if kind.last == gap]
            for kind in over:
                del available[kind]
            if over:
                sets = {frozenset(each for each in taken if each[0].last > gap) for taken in sets}
        return None

    def _filled(self, gap: int, change: Credits, available: Mapping[Kind, int], sets: set[Taken]) -> set[Taken]:
        """The sets after a gap. Notes the variants of effects that belong to this gap alone."""
        fixed = self._fixed[gap]
        single = Credits(
            sum(effect.variants[0].income for effect in fixed if len(effect.variants) == 1),
            sum(effect.variants[0].used for effect in fixed if len(effect.variants) == 1),
        )
        open_ones = [effect for effect in fixed if len(effect.variants) > 1]
        found: set[Taken] = set()
        chosen: list[set[Credits]] = [set() for _ in open_ones]
        self._most_steps = min(MOST_STEPS, self._steps + MOST_STEPS_IN_A_GAP)
        for choice in _choices(open_ones):
            rest = change.minus(single)
            for each in choice:
                rest = rest.minus(each)
            if not rest.covers(NOTHING):
                continue
            explained = {after for taken in sets for after in self._taken(gap, rest, available, taken)}
            if explained:
                found |= explained
                for variants, each in zip(chosen, choice, strict=True):
                    variants.add(each)
            if len(found) > MOST_SETS:
                raise TooMany
        if found:
            for effect, variants in zip(open_ones, chosen, strict=True):
                effect.variants = tuple(each for each in effect.variants if each in variants)
        return found

    def _taken(self, gap: int, rest: Credits, available: Mapping[Kind, int], taken: Taken) -> Iterator[Taken]:
        """Every way to fill the rest of a gap with effects that are available and not yet taken."""
        counts = dict(taken)
        # those that cannot happen later come first
        kinds = sorted(available, key=lambda kind: (kind.last, kind.is_optional))
        yield from self._choose(gap, rest, kinds, 0, available, counts)

    def _choose(
        self,
        gap: int,
        rest: Credits,
        kinds: list[Kind],
        place: int,
        available: Mapping[Kind, int],
        counts: dict[Kind, int],
    ) -> Iterator[Taken]:
        self._steps += len(kinds) - place
        if self._steps > self._most_steps:
            raise TooMany
        for number in range(place, len(kinds)):
            kind = kinds[number]
            before = counts.get(kind, 0)
            left = available[kind] - before
            must = left if kind.last == gap and not kind.is_optional else 0
            if not left or (not must and not any(rest.covers(each) for each in kind.variants)):
                continue
            for taken, after in _repeated(kind.variants, rest, left, max(must, 1)):
                counts[kind] = before + taken
                yield from self._choose(gap, after, kinds, number + 1, available, counts)
            counts[kind] = before
            if must:
                return
        if rest == NOTHING:
            yield frozenset((kind, count) for kind, count in counts.items() if count)


def _repeated(variants: tuple[Credits, ...], rest: Credits, most: int, least: int) -> Iterator[tuple[int, Credits]]:
    """The numbers of effects, and for each number and choice of variants the rest that remains."""
    states = {rest}
    for number in range(most + 1):
        if number >= least:
            for state in states:
                yield number, state
        states = {state.minus(each) for state in states for each in variants if state.covers(each)}
        if not states:
            return


def _choices(effects: list[Effect]) -> Iterator[tuple[Credits, ...]]:
    """Every choice of one variant for each effect."""
    if len(effects) > 12:
        raise TooMany
    choices: list[tuple[Credits, ...]] = [()]
    for effect in effects:
        choices = [(*choice, each) for choice in choices for each in effect.variants]
    yield from choices
