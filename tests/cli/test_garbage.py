from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Final

import pytest

from mockserver.cli.garbage import OBJECTS, rare_collections

USUAL: Final = (700, 10, 10)


@pytest.fixture(autouse=True)
def usual_collections() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*before)


def test_collector_looks_seldom_during_a_run_and_as_before_afterwards() -> None:
    with rare_collections():
        assert gc.get_threshold()[0] == OBJECTS > USUAL[0]
    assert gc.get_threshold() == USUAL


def test_failed_run_leaves_the_collector_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), rare_collections():
        raise ZeroDivisionError
    assert gc.get_threshold() == USUAL
