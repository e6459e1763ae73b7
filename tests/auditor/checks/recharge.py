"""Auto recharge: the settings that may have been in force within a window."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, product
from typing import NamedTuple

from tests.auditor.checks.epochs import Epochs
from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import Exchange, Window
from tests.auditor.records.books import AccountBook
from tests.auditor.rules import MICRO, Rules, number

_ZERO = Decimal(0)


class Settings(NamedTuple):
    """Auto recharge: `threshold` in microcredits, the charge in cents and microcredits."""

    enabled: bool
    threshold: int
    cents: int
    microcredits: int

    @property
    def charges(self) -> bool:
        """Consumption that leaves too little is charged."""
        return self.enabled and self.cents > 0


class RechargeSettings:
    """The settings of one account in one epoch."""

    def __init__(self, changes: Iterable[Exchange], rules: Rules, *, is_certain: bool = True) -> None:
        self._rules = rules
        ordered = sorted(changes, key=lambda change: change.sent)
        self._sent = [change.window.sent for change in ordered]
        self._until = [change.window.until for change in ordered]
        self._is_sequence = (
            is_certain
            and all(one.window.precedes(other.window) for one, other in pairwise(ordered))
            and not any(change.is_unknown for change in ordered)
        )
        raw = [(False, _ZERO, _ZERO)]
        for change in ordered:
            enabled, threshold, amount = raw[-1]
            body = change.body
            raw.append(
                (
                    bool(body.get("enabled", enabled)),
                    number(body.get("threshold", threshold)) or _ZERO,
                    number(body.get("amount", amount)) or _ZERO,
                )
            )
        self._states = [self._settings(*each) for each in raw]
        # changes at the same time may be merged in any order
        self._any = [self._settings(*each) for each in product(*map(set, zip(*raw, strict=True)))]

    def within(self, window: Window) -> Sequence[Settings]:
        """The settings that a moment of the window may have."""
        if not self._is_sequence:
            return self._any
        return self._states[bisect_left(self._until, window.sent) : bisect_right(self._sent, window.until) + 1]

    def check(self, readings: Iterable[tuple[Exchange, tuple[bool, Decimal, Decimal]]]) -> Iterator[Contradiction]:
        """The settings that answers show are ones that were set."""
        for exchange, shown in readings:
            if self._settings(*shown) not in self.within(exchange.window):
                sentence = "auto recharge shows settings that nobody set before"
                yield Contradiction("wrong-recharge-settings", sentence, (exchange,))

    def _settings(self, enabled: bool, threshold: Decimal, amount: Decimal) -> Settings:
        return Settings(enabled, int(threshold * MICRO), *self._rules.charge(amount))


def settings_of(book: AccountBook, epochs: Epochs, epoch: int, rules: Rules) -> RechargeSettings:
    """The settings of an account in one epoch. A change that overlaps a reset may belong to it."""
    changes = [change for change in book.recharge_changes if epoch in epochs.of(change.window)]
    is_certain = all(epochs.only(change.window) == epoch for change in changes)
    return RechargeSettings(changes, rules, is_certain=is_certain)
