"""An account's ledger: every state that answers show is the sum of the effects before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from tests.auditor.checks.effects import NOTHING, Credits, Effect, State
from tests.auditor.checks.fill import Fill, TooMany
from tests.auditor.checks.levels import Levels
from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import Exchange


class Ledger:
    """The effects on one account's credits in one epoch, and the states that answers show.

    `is_exact` is False if a check found too many sets of effects to try them all; then bounds alone were checked.
    """

    def __init__(self, effects: Sequence[Effect], states: Sequence[State], *, overdraft: bool) -> None:
        self._effects = list(effects)
        own = [State(effect.after, effect.exchanges[0]) for effect in effects if effect.after is not None]
        self._states = [*states, *own]
        self._overdraft = overdraft
        self.levels = Levels(self._states)
        self.is_exact = True

    def check(self) -> Iterator[Contradiction]:
        """The contradictions of the states. After the first kind that is found, the others say nothing new."""
        for check in (
            self.levels.check,
            self._overdrawn,
            self._shared_states,
            self._no_moment,
            self._bounds,
            self._exact,
        ):
            if found := list(check()):
                yield from found
                return

    def _overdrawn(self) -> Iterator[Contradiction]:
        for state in self._states:
            if state.credits.income < state.credits.used and not self._overdraft:
                yield Contradiction("overdrawn", "a balance is below zero", (state.exchange,))

    def _shared_states(self) -> Iterator[Contradiction]:
        """Two effects cannot both have just reached the same state."""
        seen: dict[Credits, Effect] = {}
        for effect in self._effects:
            if effect.after is None:
                continue
            if effect.after == NOTHING or not effect.after.covers(effect.least):
                yield Contradiction("effect-lost", "an answer does not show its own effect", effect.exchanges)
            elif (twin := seen.setdefault(effect.after, effect)) is not effect:
                exchanges = (*twin.exchanges, *effect.exchanges)
                yield Contradiction("effect-lost", "two answers show the same state after their effects", exchanges)

    def _no_moment(self) -> Iterator[Contradiction]:
        """A certain effect has a moment between two states."""
        for effect in self._effects:
            if effect.is_certain and not self.levels.gaps(effect):
                sentence = "the answers before and after a request show the same state, without its effect"
                beside = self.levels.examples[self.levels.gaps_of(effect.window)[0]]
                yield Contradiction("effect-lost", sentence, (*effect.exchanges, beside))

    def _bounds(self) -> Iterator[Contradiction]:
        """Each state has at least the certain effects before it, and at most all possible ones."""
        size = len(self.levels.values)
        least, most = [NOTHING] * size, [NOTHING] * size
        for effect in self._effects:
            if gaps := self.levels.gaps(effect):
                most[gaps[0]] = most[gaps[0]].plus(effect.most)
                if effect.is_certain:
                    least[gaps[-1]] = least[gaps[-1]].plus(effect.least)
        bounds = zip(accumulate(least, Credits.plus), accumulate(most, Credits.plus), strict=True)
        for gap, (low, high) in enumerate(bounds):
            if gap + 1 < size and not self.levels.values[gap + 1].covers(low):
                yield self._wrong(gap, low, "credits-lost", "at least")
                return
            if gap + 1 < size and not high.covers(self.levels.values[gap + 1]):
                yield self._wrong(gap, high, "credits-unexplained", "at most")
                return

    def _wrong(self, gap: int, bound: Credits, rule: str, word: str) -> Contradiction:
        shown = self.levels.values[gap + 1]
        sentence = (
            f"an account has had {_credits(shown.income)} credits and has used {_credits(shown.used)}; "
            f"by the answers it is {word} {_credits(bound.income)} and {_credits(bound.used)}"
        )
        return Contradiction(rule, sentence, self._around(gap))

    def _exact(self) -> Iterator[Contradiction]:
        """Some set of effects explains each change between two states exactly."""
        try:
            gap = Fill(self.levels, self._effects).search()
        except TooMany:
            self.is_exact = False
            return
        if gap is not None:
            change = self.levels.values[gap + 1].minus(self.levels.values[gap])
            sentence = (
                f"between two answers, {_credits(change.income)} credits were added and {_credits(change.used)} "
                "consumed; no requests explain exactly that"
            )
            yield Contradiction("balance-not-its-sum", sentence, self._around(gap))

    def _around(self, gap: int) -> tuple[Exchange, ...]:
        """The answers before and after a gap, and the requests that may belong to it."""
        states = [self.levels.examples[place] for place in (gap, gap + 1) if place in self.levels.examples]
        between = [exchange for each in self._effects if gap in self.levels.gaps(each) for exchange in each.exchanges]
        return tuple(dict.fromkeys([*states, *between]))


def _credits(micro: int) -> str:
    return f"{micro / 1_000_000:g}"
