"""The states that an account went through, in order, and the bounds of their moments."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Final

from tests.auditor.checks.effects import NOTHING, Credits, Effect, State
from tests.auditor.checks.ordered import Reading, falls
from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import FOREVER, Exchange, Window

ENDLESS: Final = Credits(10**30, 10**30)


class Levels:
    """The distinct states of one account, from nothing upwards. Gap `n` lies between the levels `n` and `n + 1`.

    The last gap has no upper level: it holds effects that no answer shows.
    """

    def __init__(self, states: Iterable[State]) -> None:
        self._ordered = sorted(states, key=lambda state: state.credits)
        values = sorted({NOTHING, *(state.credits for state in self._ordered)})
        self.values = values
        self._places = {value: place for place, value in enumerate(values)}
        sent, until = [-FOREVER] * len(values), [FOREVER] * len(values)
        self.examples: dict[int, Exchange] = {}
        for state in self._ordered:
            place, window = self._places[state.credits], state.exchange.window
            sent[place] = max(sent[place], window.sent)
            until[place] = min(until[place], window.until)
            self.examples.setdefault(place, state.exchange)
        self._sent = list(accumulate(sent, max))
        self._until = [*accumulate(reversed(until), min)][::-1]

    def check(self) -> Iterator[Contradiction]:
        """States that cannot follow each other, whatever the effects are."""
        for state in self._ordered:
            if min(state.credits) < 0:
                yield Contradiction("impossible-balance", "an account has less than nothing", (state.exchange,))
        for lower, higher in pairwise(self._ordered):
            if lower.credits.used > higher.credits.used:
                sentence = "one answer shows more credits bought, the other more consumed: neither can be the first"
                yield Contradiction("balance-not-its-sum", sentence, (lower.exchange, higher.exchange))
                return
        shown = [Reading(self._places[each.credits], each.exchange.window, each.exchange) for each in self._ordered]
        for pair in falls(shown):
            sentence = "credits that one answer shows, bought or consumed, are gone in a later one"
            yield Contradiction("credits-lost", sentence, pair)
            return

    def gaps(self, effect: Effect) -> range:
        """The gaps that an effect may belong to. An answer with a state shows its own effect as the last before it."""
        first, last = self.gaps_of(effect.window)
        if effect.after is None:
            return range(first, last + 1)
        gap = self._places[effect.after] - 1
        return range(gap, gap + 1) if first <= gap <= last else range(0)

    def gaps_of(self, window: Window) -> tuple[int, int]:
        """The first and the last gap that a moment of the window may belong to.

        Between two answers that show the same state there is no gap: then the last is the one before the first.
        """
        return bisect_left(self._until, window.sent, lo=1) - 1, bisect_right(self._sent, window.until) - 1

    def around(self, window: Window) -> tuple[Credits, Credits]:
        """The lowest state that a moment of the window may have, and the highest; without a bound, it is endless."""
        first, last = self.gaps_of(window)
        above = max(last + 1, first)
        return self.values[first], self.values[above] if above < len(self.values) else ENDLESS
