"""A budget of requests may be spent anywhere: what was not sent accuses nobody."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from mockserver_contracts.checks.catalogue import all_checks
from mockserver_contracts.target.gate import Limits
from mockserver_contracts.target.target import mock_in_process

from tests.contracts.runs import CLAIMS, checked_on
from tests.matrix import IS_LONG, long_but

_CLAIMS, RULES = all_checks()
EVERY = 1
SOME = 1 if IS_LONG else 11


def accuses_nobody_when_its_budget_is_spent(name: str, *, step: int) -> None:
    """Run a claim or rule with budgets of 1, 1 + step and so on, until one is enough for it."""
    claims = [claim for claim in CLAIMS if claim.id == name]
    names = frozenset({name})
    for budget in count(1, step):
        target = replace(mock_in_process("page"), limits=Limits(requests=budget))
        run = checked_on(target, claims=claims, rules=not claims, rule_names=names)
        assert (budget, run.ids, run.verdicts("violated")) == (budget, set(), set())
        if run.end.stopped is None:
            assert run.end.requests_sent > 0
            return
        assert run.end.stopped == f"the budget of {budget} requests is spent"


@pytest.mark.parametrize("name", long_but(*list(RULES)[::2], of=RULES))
def test_rule_accuses_nobody_when_its_budget_is_spent(name: str) -> None:
    accuses_nobody_when_its_budget_is_spent(name, step=SOME)


@pytest.mark.parametrize("name", [claim.id for claim in CLAIMS])
def test_claim_is_not_violated_when_its_budget_is_spent(name: str) -> None:
    accuses_nobody_when_its_budget_is_spent(name, step=SOME)


def test_payment_page_accuses_nobody_between_its_looks() -> None:
    accuses_nobody_when_its_budget_is_spent("rule-paid-at-its-page", step=EVERY)
