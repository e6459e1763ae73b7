"""One of the two servers that are compared, with the steps of its trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from mockserver_contracts.exchange import Exchange
from mockserver_contracts.target.abilities import Ability
from mockserver_contracts.target.account import AccountClient
from mockserver_contracts.target.undecided import Undecided


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace: facts by name, and the exchange that shows them."""

    name: str
    facts: Mapping[str, str]
    answer: Exchange


@dataclass(slots=True)
class Side:
    """One of the two servers, as an account owner sees it."""

    open_account: Callable[[], AccountClient]
    abilities: frozenset[Ability]
    on_rails: bool = False
    steps: dict[str, Step] = field(default_factory=dict)

    def record(self, name: str, answer: Exchange, **facts: object) -> None:
        """Record a step with its facts as text."""
        self.steps[name] = Step(name, {fact: str(value) for fact, value in facts.items()}, answer)

    def require(self, ability: Ability) -> None:
        """Raise Undecided if the server lacks the ability, or if the run is on rails."""
        if ability not in self.abilities or self.on_rails:
            raise Undecided(ability.reason)

    def balance(self, account: AccountClient) -> Decimal | None:
        """The credits of the account; None if the server has no usage statistics."""
        return account.balance() if Ability.USAGE in self.abilities else None

    def gain(self, account: AccountClient, before: Decimal | None) -> str:
        """The credits gained since `before`; `unknown` if the server has no usage statistics."""
        return "unknown" if before is None else str((account.balance() - before).normalize() + 0)
