from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockserver.domain.clock import Clock
from mockserver.domain.errors import ClockMovesBack, InvalidRequest
from mockserver.domain.instant import LATEST, to_millisecond
from tests.builders import NOON
from tests.matrix import few_examples

HOUR = timedelta(hours=1)
durations = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=400)).map(
    lambda delta: delta - timedelta(microseconds=delta.microseconds % 1000)
)


def test_unmoved_clock_shows_real_time_to_the_millisecond() -> None:
    assert Clock().now(NOON + timedelta(microseconds=1999)) == NOON + timedelta(milliseconds=1)


def test_frozen_clock_resumes_from_the_time_it_shows() -> None:
    clock = Clock().advanced(HOUR, NOON).frozen(NOON)
    assert clock.now(NOON + 5 * HOUR) == NOON + HOUR
    assert clock.offset_at(NOON + 5 * HOUR) == -4 * HOUR
    assert clock.resumed(NOON + 5 * HOUR).now(NOON + 6 * HOUR) == NOON + 2 * HOUR


def test_frozen_clock_can_be_advanced_and_set() -> None:
    clock = Clock().frozen(NOON).advanced(HOUR, NOON)
    assert clock.now(NOON + 9 * HOUR) == NOON + HOUR
    assert clock.set_to(NOON + 2 * HOUR, NOON).now(NOON + 9 * HOUR) == NOON + 2 * HOUR


def test_second_freeze_or_resume_changes_nothing() -> None:
    frozen = Clock().frozen(NOON)
    assert frozen.frozen(NOON + HOUR) == frozen
    assert Clock().resumed(NOON) == Clock()


def test_clock_is_not_set_back() -> None:
    with pytest.raises(ClockMovesBack):
        Clock().advanced(HOUR, NOON).set_to(NOON, NOON)


def test_clock_is_not_moved_past_its_latest_time() -> None:
    with pytest.raises(InvalidRequest, match="the latest time it can show"):
        Clock().set_to(LATEST, NOON).advanced(HOUR, NOON)


class Moving(RuleBasedStateMachine):
    """Random sequences of time steps and moves of a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.real_time = NOON
        self.clock = Clock()
        self.latest = NOON

    @rule(by=durations)
    def time_passes(self, by: timedelta) -> None:
        self.real_time += by

    @rule(by=durations)
    def advance(self, by: timedelta) -> None:
        before = self.clock.now(self.real_time)
        self.clock = self.clock.advanced(by, self.real_time)
        assert self.clock.now(self.real_time) == before + by

    @rule(by=durations)
    def set_later(self, by: timedelta) -> None:
        target = self.clock.now(self.real_time) + by
        self.clock = self.clock.set_to(target, self.real_time)
        assert self.clock.now(self.real_time) == target

    @rule(by=durations.filter(bool))
    def set_earlier(self, by: timedelta) -> None:
        with pytest.raises(ClockMovesBack):
            self.clock.set_to(self.clock.now(self.real_time) - by, self.real_time)

    @rule(frozen=st.booleans())
    def freeze_or_resume(self, frozen: bool) -> None:
        before = self.clock.now(self.real_time)
        self.clock = self.clock.frozen(self.real_time) if frozen else self.clock.resumed(self.real_time)
        assert self.clock.now(self.real_time) == before
        assert (self.clock.frozen_at is not None) is frozen

    @invariant()
    def time_never_goes_back(self) -> None:
        now = self.clock.now(self.real_time)
        assert now >= self.latest
        self.latest = now

    @invariant()
    def what_it_shows_is_real_time_and_its_offset(self) -> None:
        assert self.shown == to_millisecond(self.real_time) + self.clock.offset_at(self.real_time)

    @property
    def shown(self) -> datetime:
        return self.clock.now(self.real_time)


TestMoving = Moving.TestCase
TestMoving.settings = few_examples(40)
