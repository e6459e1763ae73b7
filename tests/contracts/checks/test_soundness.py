"""The parts of the checks of soundness that one server alone does not show."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mockserver_contracts.checks.sessions.calendar import nights_after
from mockserver_contracts.checks.soundness.endurance import rises

from mockserver import create_app
from tests.contracts.runs import checked_on, target_of
from tests.contracts.servers.independent import Receive, Send

ZONES = {"New York": "America/New_York", "Berlin": "Europe/Berlin", "Sydney": "Australia/Sydney"}
OTHER_ZONES = {"Jerusalem": "Asia/Jerusalem", "Cairo": "Africa/Cairo"}


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.booleans())
def test_nights_are_in_order_apart_and_within_a_year(day: datetime, everywhere: bool) -> None:
    now = day.replace(tzinfo=UTC)
    nights = [night for _, night in nights_after(now, everywhere=everywhere)]
    assert len(nights) >= 6
    assert all(later - earlier > timedelta(days=2) for earlier, later in itertools.pairwise(nights))
    assert now < nights[0]
    assert nights[-2] < now + timedelta(days=366)
    assert (nights[-1].month, nights[-1].day) == (2, 29)


@pytest.mark.parametrize("year", range(2026, 2034))
def test_clocks_of_the_named_city_change_in_the_night(year: int) -> None:
    nights = nights_after(datetime(year, 1, 10, tzinfo=UTC), everywhere=True)
    assert {city for city in OTHER_ZONES for name, _ in nights if city in name} == OTHER_ZONES.keys()
    for name, night in nights:
        city = next((zone for city, zone in {**ZONES, **OTHER_ZONES}.items() if city in name), None)
        if city is not None:
            before, after = ((night + timedelta(hours=hours)).astimezone(ZoneInfo(city)) for hours in (-1, 1))
            assert before.utcoffset() != after.utcoffset(), name


def test_steady_rise_is_found() -> None:
    assert rises([0.005 * number for number in range(1, 13)])


@pytest.mark.parametrize(
    "blocks",
    [
        [0.02] * 12,
        [0.02, 0.09, 0.01, 0.05, 0.03, 0.08, 0.02, 0.06, 0.04, 0.01, 0.05, 0.09],
        [0.001 * number for number in range(1, 13)][:3] * 4,
        [0.0001 * number for number in range(1, 13)],
        [0.01] * 11 + [5.0],
        [0.1 + 0.005 * number for number in range(12)],
    ],
    ids=["steady", "noise", "waves", "too little", "one outlier", "not much"],
)
def test_noise_outliers_and_small_changes_are_no_rise(blocks: list[float]) -> None:
    assert not rises(blocks)


@given(st.lists(st.floats(0.001, 0.1), min_size=12, max_size=12))
def test_shuffled_times_are_rarely_a_rise_and_falling_ones_never(blocks: list[float]) -> None:
    assert not rises(sorted(blocks, reverse=True))


class Searching:
    """A mock that takes longer for each look at the usage."""

    def __init__(self) -> None:
        self._mock = create_app()
        self._looks = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/billing/usage":
            self._looks += 1
            await asyncio.sleep(0.0015 * self._looks)
        await self._mock(scope, receive, send)


def test_looks_that_slow_down_are_found_like_orders() -> None:
    names = (
        "each-card-has-one-effect",
        "whole-lives",
        "balances-at-once",
        "paid-at-its-page",
        "paid-once",
        "answers-do-not-slow-down",
    )
    run = checked_on(target_of(Searching()), claims=[], rule_names=frozenset(f"rule-{name}" for name in names))
    assert ("GET /billing/usage", "slower from look to look") in {(each.operation, each.cause) for each in run.findings}
