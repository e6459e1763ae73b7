"""The size of the matrices: `make test` runs a part of them, `make test-long` all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from typing import Any, Final, TypeVar

import pytest
from hypothesis import settings

SEEDS: Final = range(1, int(os.environ.get("MOCKSERVER_TEST_SEEDS", "1")) + 1)
IS_LONG: Final = len(SEEDS) > 2

_Value = TypeVar("_Value")


def few_examples(most: int) -> settings:
    """The settings of a test with expensive examples: at most so many, unless the profile is `long`."""
    return settings() if os.environ.get("HYPOTHESIS_PROFILE") == "long" else settings(max_examples=most)


def thinned(values: Iterable[_Value], *, step: int) -> list[_Value]:
    """All of the values in `make test-long`, each `step`-th in `make test`."""
    return list(islice(values, 0, None, 1 if IS_LONG else step))


def long_but(*kept: Any, of: Iterable[Any]) -> list[pytest.ParameterSet]:
    """The parameters of a test: `make test` runs those kept, `make test-long` all. Several values are a tuple."""
    rows = list(of)
    assert all(row in rows for row in kept), f"{kept} are not all in {rows}"
    return [_parameter(row) if row in kept else _parameter(row, pytest.mark.long) for row in rows]


def _parameter(row: Any, *marks: pytest.MarkDecorator) -> pytest.ParameterSet:
    if isinstance(row, pytest.ParameterSet):
        return pytest.param(*row.values, marks=(*row.marks, *marks), id=row.id)
    return pytest.param(*(row if isinstance(row, tuple) else (row,)), marks=marks)
