"""The patience that the calls of one request share."""

from __future__ import annotations

import pytest

from mockserver.store.patience import patience, seconds_left, spend


def test_calls_of_a_block_share_its_patience() -> None:
    with patience(4):
        assert seconds_left(10) == 4
        assert seconds_left(1) == 1
        spend(3)
        assert seconds_left(10) == 1


def test_call_without_patience_has_a_moment() -> None:
    with patience(1):
        spend(60)
        assert 0 < seconds_left(10) <= 0.2


def test_short_calls_take_no_patience() -> None:
    with patience(4):
        for _ in range(1_000):
            spend(0.1)
        assert seconds_left(10) == 4


@pytest.mark.parametrize("seconds", [1.5, 30])
def test_inner_block_has_its_own_patience(seconds: float) -> None:
    with patience(4):
        spend(2)
        with patience(seconds):
            assert seconds_left(60) == seconds
        assert seconds_left(60) == 2


def test_call_outside_of_a_block_has_its_own_limit() -> None:
    spend(60)
    assert seconds_left(4) == 4
