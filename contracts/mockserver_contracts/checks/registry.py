"""The checks by name: one for each claim of the page, and the rules of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.results.finding import Finding
from mockserver_contracts.target.abilities import Ability

Body = Callable[[CheckContext], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what it is called, what it needs, and what it does."""

    name: str
    needs: frozenset[Ability]
    body: Body
    # What it looks at is the same whatever the profile: the first of a run's subjects says it all.
    once: bool = False


CLAIMS: Final[dict[str, Check]] = {}
RULES: Final[dict[str, Check]] = {}


def check(claim: str, *, needs: Iterable[Ability] = (Ability.CREATE,)) -> Callable[[Body], Body]:
    """Register the function that decides the claim."""
    return _into(CLAIMS, claim, needs)


def rule(name: str, *, needs: Iterable[Ability] = (Ability.CREATE,), once: bool = False) -> Callable[[Body], Body]:
    """Register the function that holds a target to a rule of ours; `once` where no profile changes what it sees."""
    return _into(RULES, f"rule-{name}", needs, once=once)


def _into(
    checks: dict[str, Check], name: str, needs: Iterable[Ability], *, once: bool = False
) -> Callable[[Body], Body]:
    def register(body: Body) -> Body:
        assert name not in checks, f"two checks are called {name}"
        checks[name] = Check(name, frozenset(needs), body, once)
        return body

    return register
