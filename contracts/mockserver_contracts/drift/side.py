"""One of two servers that are compared, and the steps it went through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.undecided import Undecided


@dataclass(frozen=True, slots=True)
class Step:
    """What one server showed: facts by name, and the exchange that shows them."""

    name: str
    facts: Mapping[str, str]
    answer: Exchange


@dataclass(slots=True)
class Side:
    """One of the two servers, as its owner sees it."""

    accounts: Callable[[], AccountClient]
    has: frozenset[Ability]
    on_rails: bool = False
    steps: dict[str, Step] = field(default_factory=dict)

    def tell(self, name: str, answer: Exchange, **facts: object) -> None:
        """Remember a step."""
        self.steps[name] = Step(name, {fact: str(value) for fact, value in facts.items()}, answer)


def need(side: Side, ability: Ability) -> None:
    """Raise Undecided where the server lacks the ability, or a rail forbids it."""
    if ability not in side.has or side.on_rails:
        raise Undecided(ability.reason)


def balance_of(side: Side, account: AccountClient) -> Any:
    """The credits left; None where they are not told."""
    return account.balance() if Ability.USAGE in side.has else None


def gained(side: Side, account: AccountClient, before: Any) -> str:
    """How many credits more there are than before."""
    return "unknown" if before is None else str((account.balance() - before).normalize() + 0)
