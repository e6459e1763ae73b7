"""Consumption: what it takes, when it is refused, and when auto recharge pays for it.

Rule 1: consumption that leaves the balance under the threshold is charged once, before it.
Rule 2: without overdraft, consumption that would leave less than nothing even so is refused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from tests.auditor.checks.effects import Credits, Effect
from tests.auditor.checks.levels import Levels
from tests.auditor.checks.recharge import RechargeSettings, Settings
from tests.auditor.contradiction import Contradiction
from tests.auditor.records.books import Consumption


class Consumer:
    """The effects of an account's consumption under its auto recharge."""

    def __init__(self, settings: RechargeSettings, *, overdraft: bool) -> None:
        self._settings = settings
        self._overdraft = overdraft

    def effect(self, consumption: Consumption) -> Effect:
        """The effect of consumption, in each variant that the settings allow."""
        exchange, used = consumption.exchange, consumption.microcredits or 0
        balance = None if consumption.after is None else consumption.after.balance
        variants, cents = set(), set()
        for settings in self._settings.within(exchange.window):
            if may_be_charged(settings, balance):
                variants.add(Credits(settings.microcredits, used))
                cents.add(settings.cents)
            if may_be_free(settings, balance):
                variants.add(Credits(0, used))
        reading = consumption.after
        after = None
        if reading is not None and reading.used is not None:
            after = Credits(reading.balance + reading.used, reading.used)
        return Effect(
            exchange.window, tuple(sorted(variants)), not exchange.is_unknown, (exchange,), after, frozenset(cents)
        )

    def check_refusals(
        self, refused: Iterable[Consumption], levels: Levels, effects: Sequence[Effect]
    ) -> Iterator[Contradiction]:
        """A refused consumption found too few credits at some moment of its window."""
        sure = _Sums((each.window.until, each.least.income) for each in effects if each.is_certain)
        possible = _Sums((each.window.sent, each.most.used) for each in effects)
        for consumption in refused:
            exchange, wanted = consumption.exchange, consumption.microcredits
            if wanted is None:
                continue
            if self._overdraft:
                sentence = "consumption is refused, though the account may be overdrawn"
                yield Contradiction("refused-with-credits", sentence, (exchange,))
                continue
            bought = min(each.microcredits if each.charges else 0 for each in self._settings.within(exchange.window))
            lower, upper = levels.around(exchange.window)
            income = max(lower.income, sure.before(exchange.window.sent))
            lowest = income - min(upper.used, possible.until(exchange.window.until))
            if wanted <= lowest + bought:
                sentence = f"consumption of {wanted / 1e6:g} credits is refused; the account has {lowest / 1e6:g}"
                yield Contradiction("refused-with-credits", sentence, (exchange,))


class _Sums:
    """Sums of numbers by moments."""

    def __init__(self, pairs: Iterable[tuple[float, int]]) -> None:
        ordered = sorted(pairs)
        self._moments = [moment for moment, _ in ordered]
        self._sums = [0, *accumulate(number for _, number in ordered)]

    def before(self, moment: float) -> int:
        """The sum of the numbers before a moment."""
        return self._sums[bisect_left(self._moments, moment)]

    def until(self, moment: float) -> int:
        """The sum of the numbers up to a moment."""
        return self._sums[bisect_right(self._moments, moment)]


def may_be_charged(settings: Settings, balance: int | None) -> bool:
    """Consumption that left this balance may have been charged."""
    return settings.charges and (balance is None or balance - settings.microcredits < settings.threshold)


def may_be_free(settings: Settings, balance: int | None) -> bool:
    """Consumption that left this balance may have been free of a charge."""
    return not settings.charges or balance is None or balance >= settings.threshold
