from __future__ import annotations

import gc

import pytest

from mockserver.cli.garbage import OBJECTS, rare_collections


def test_collector_looks_seldom_during_a_run_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] == OBJECTS > before[0]
    assert gc.get_threshold() == before


def test_failed_run_leaves_the_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), rare_collections():
        raise ZeroDivisionError
    assert gc.get_threshold() == before
