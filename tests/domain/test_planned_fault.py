from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.planned_fault import FaultKind, Match, PlannedFault, fault_id

MINE = "acct_0123456789ab"


def met(fault: PlannedFault, times: int) -> list[bool]:
    """Apply the fault to a number of requests, and return a flag for each."""
    struck = []
    for _ in range(times):
        fault, strikes = fault.after_match()
        struck.append(strikes)
    return struck


@pytest.mark.parametrize(
    ("match", "request_", "fits"),
    [
        (Match(), ("GET", "/billing/usage", None), True),
        (Match(method="GET"), ("GET", "/x", MINE), True),
        (Match(method="GET"), ("POST", "/x", MINE), False),
        (Match(path="/billing/usage"), ("GET", "/billing/usage", None), True),
        (Match(path="/billing/usage"), ("GET", "/billing/usage/", None), False),
        (Match(path="/billing/*"), ("GET", "/billing/checkouts", None), True),
        (Match(path="/billing/*"), ("GET", "/billing", None), False),
        (Match(path="*/pay/*"), ("GET", "/c/pay/x\ny", None), True),
        (Match(path="/a.b"), ("GET", "/aXb", None), False),
        (Match(account=MINE), ("GET", "/x", MINE), True),
        (Match(account=MINE), ("GET", "/x", "acct_ba9876543210"), False),
        (Match(account=MINE), ("GET", "/x", None), False),
        (Match(path="/x"), ("OPTIONS", "/x", None), False),
        (Match(method="OPTIONS"), ("OPTIONS", "/x", None), True),
    ],
)
def test_fault_applies_to_matching_requests_only(
    match: Match, request_: tuple[str, str, str | None], fits: bool
) -> None:
    assert match.fits(*request_) is fits


def test_fault_applies_as_often_as_planned_and_is_then_spent() -> None:
    fault = PlannedFault("fault_1", Match(), FaultKind.RESET, times=2)
    assert met(fault, 4) == [True, True, False, False]
    assert fault.remaining == 2
    after = fault.after_match()[0].after_match()[0]
    assert (after.remaining, after.is_spent) == (0, True)


def test_fault_without_times_applies_always() -> None:
    fault = PlannedFault("fault_1", Match(), FaultKind.RESET, times=None)
    assert met(fault, 100) == [True] * 100
    assert (fault.remaining, fault.is_spent) == (None, False)


@given(seed=st.integers(-(2**63), 2**63), probability=st.floats(0, 1))
def test_same_plan_hits_the_same_requests(seed: int, probability: float) -> None:
    plans = [PlannedFault(name, Match(), times=None, probability=probability, seed=seed) for name in ("a", "b")]
    first, second = (met(plan, 50) for plan in plans)
    assert first == second


def test_fault_frequency_matches_probability() -> None:
    def share(probability: float, seed: int = 0) -> float:
        return sum(met(PlannedFault("a", Match(), times=None, probability=probability, seed=seed), 2_000)) / 2_000

    assert share(0) == 0
    assert share(1) == 1
    assert 0.25 < share(0.3) < 0.35
    assert met(PlannedFault("a", Match(), times=None, probability=0.5, seed=1), 50) != met(
        PlannedFault("a", Match(), times=None, probability=0.5, seed=2), 50
    )


def test_spared_requests_do_not_count_as_uses() -> None:
    struck = met(PlannedFault("a", Match(), times=3, probability=0.5), 100)
    assert sum(struck) == 3


def test_fault_id_has_letters_and_digits() -> None:
    assert re.fullmatch(r"fault_[A-Za-z0-9]{16}", fault_id(bytes(range(16))))
