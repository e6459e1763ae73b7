"""The checks by name: one for each claim of the page, and the rules of this product.

A new check takes three steps:

1. `spec/claims.yaml` states the claim. A rule needs no entry.
2. A function in this folder decides it, under `@check(claim)` or `@rule(name)`. A new module goes into `catalogue.py`.
3. A defect in `defects/` names the check in its `fails`, and every check that a defect names finds it. This proves that
   the check can fail. Only a claim that no bundled profile promises may go without.

`tests/contracts/checks` and `tests/contracts/mutation` hold all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from mockserver_contracts.checks.context import CheckContext
from mockserver_contracts.results.finding import RULE_PREFIX, Finding
from mockserver_contracts.target.abilities import Ability

Body = Callable[[CheckContext], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, the abilities that it needs, and the function that yields its findings."""

    name: str
    needs: frozenset[Ability]
    body: Body
    # Its result does not depend on the profile: it runs for the first profile of a run only.
    once: bool = False

    @property
    def sentence(self) -> str:
        """The demand of the check on a server, and its reason, in one sentence."""
        return " ".join((self.body.__doc__ or "").split())


CLAIMS: Final[dict[str, Check]] = {}
RULES: Final[dict[str, Check]] = {}


def check(claim: str, *, needs: Iterable[Ability] = (Ability.CREATE,)) -> Callable[[Body], Body]:
    """Register the function that decides a claim of `spec/claims.yaml`; a defect must name the claim in `fails`."""
    return _register(CLAIMS, claim, needs)


def rule(name: str, *, needs: Iterable[Ability] = (Ability.CREATE,), once: bool = False) -> Callable[[Body], Body]:
    """Register the function that checks a rule of this product; a defect must name `rule-NAME` in `fails`."""
    return _register(RULES, f"{RULE_PREFIX}{name}", needs, once=once)


def _register(
    checks: dict[str, Check], name: str, needs: Iterable[Ability], *, once: bool = False
) -> Callable[[Body], Body]:
    def register(body: Body) -> Body:
        assert name not in checks, f"two checks are called {name}"
        checks[name] = Check(name, frozenset(needs), body, once)
        return body

    return register
