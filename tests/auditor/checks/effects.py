"""Effects on an account's credits, and states that answers show.

Income is all credits that an account ever had; used is all that it consumed. Both only grow, and the balance is their
difference: so each answer tells how far an account has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tests.auditor.exchange import Exchange, Window


class Credits(NamedTuple):
    """Income and use of an account in microcredits, or a change of both."""

    income: int
    used: int

    def plus(self, change: Credits) -> Credits:
        """The state after a change."""
        return Credits(self.income + change.income, self.used + change.used)

    def minus(self, other: Credits) -> Credits:
        """The change from another state to this one."""
        return Credits(self.income - other.income, self.used - other.used)

    def covers(self, change: Credits) -> bool:
        """This is at least the change."""
        return self.income >= change.income and self.used >= change.used


NOTHING = Credits(0, 0)


@dataclass(slots=True, eq=False)
class Effect:
    """A change at one moment of a window, in one of several variants; not certain if it may not have happened.

    `after` is the state that its own answer shows. `recharges` are the prices in cents that a variant
    with income may have.
    """

    window: Window
    variants: tuple[Credits, ...]
    is_certain: bool
    exchanges: tuple[Exchange, ...]
    after: Credits | None = None
    recharges: frozenset[int] = frozenset()

    @property
    def least(self) -> Credits:
        """The least change."""
        if len(self.variants) == 1:
            return self.variants[0]
        return Credits(min(each.income for each in self.variants), min(each.used for each in self.variants))

    @property
    def most(self) -> Credits:
        """The greatest change."""
        if len(self.variants) == 1:
            return self.variants[0]
        return Credits(max(each.income for each in self.variants), max(each.used for each in self.variants))


class State(NamedTuple):
    """A state that an answer shows at one moment of its window."""

    credits: Credits
    exchange: Exchange
