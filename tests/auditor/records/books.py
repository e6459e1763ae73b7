"""Everything that exchanges say, sorted by session, account and clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from tests.auditor.contradiction import Contradiction
from tests.auditor.exchange import Exchange, Window
from tests.auditor.records.lives import Life
from tests.auditor.rules import Order, Rules


class Page(NamedTuple):
    """One page of a list, newest first."""

    exchange: Exchange
    limit: int
    offset: int
    items: Sequence[Mapping[str, Any]]

    @property
    def is_complete(self) -> bool:
        """The page is the whole list."""
        return self.offset == 0 and len(self.items) < self.limit


class UsageReading(NamedTuple):
    """An account's usage in an answer, in microcredits. Without `used`, the answer shows the balance alone."""

    exchange: Exchange
    balance: int
    used: int | None


class Grant(NamedTuple):
    """Credits given by the control API."""

    exchange: Exchange
    microcredits: int
    after: UsageReading | None


class Consumption(NamedTuple):
    """Credits consumed; None if nobody knows their number."""

    exchange: Exchange
    microcredits: int | None
    after: UsageReading | None


class Creation(NamedTuple):
    """A creation whose session nobody knows."""

    exchange: Exchange
    order: Order


class ClockReading(NamedTuple):
    """The time on a clock, in seconds since the epoch, at one moment of a window."""

    value: float
    window: Window
    exchange: Exchange


@dataclass(slots=True)
class AccountBook:
    """Everything that exchanges say about one account."""

    id: str
    grants: list[Grant] = field(default_factory=list)
    consumptions: list[Consumption] = field(default_factory=list)
    readings: list[UsageReading] = field(default_factory=list)
    recharge_changes: list[Exchange] = field(default_factory=list)
    recharge_readings: list[tuple[Exchange, tuple[bool, Decimal, Decimal]]] = field(default_factory=list)
    lost_creations: list[Creation] = field(default_factory=list)
    session_pages: list[Page] = field(default_factory=list)
    invoice_pages: list[Page] = field(default_factory=list)
    session_counts: list[tuple[Exchange, int]] = field(default_factory=list)
    clock_readings: list[ClockReading] = field(default_factory=list)
    resets: list[Exchange] = field(default_factory=list)


class Move(NamedTuple):
    """A request that moved a clock, or may have; `account` None moved all clocks."""

    exchange: Exchange
    account: str | None
    lowers: bool
    reading: ClockReading | None


class Books:
    """The books of all accounts."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.lives: dict[str, Life] = {}
        self.accounts: dict[str, AccountBook] = {}
        self.moves: list[Move] = []
        self.common_readings: list[ClockReading] = []
        self.common_resets: list[Exchange] = []
        self.contradictions: list[Contradiction] = []
        self.undecided: list[str] = []
        self._sessions: defaultdict[str, list[Life]] = defaultdict(list)

    def account(self, name: str) -> AccountBook:
        """The book of an account."""
        if name not in self.accounts:
            self.accounts[name] = AccountBook(name)
        return self.accounts[name]

    def sessions(self, account: str) -> Sequence[Life]:
        """The known sessions of an account."""
        return self._sessions[account]

    def add_life(self, life: Life) -> None:
        """Add a session."""
        self.lives[life.id] = life
        self._sessions[life.account].append(life)

    def contradict(self, rule: str, sentence: str, *exchanges: Exchange) -> None:
        """Note a contradiction that one answer shows at once."""
        self.contradictions.append(Contradiction(rule, sentence, exchanges))
