"""The measurement in one process sends each workload and refuses an unexpected answer."""

from __future__ import annotations

import asyncio

import pytest
import uvicorn

from benchmarks.bare_app import config as server_config
from benchmarks.in_process import exchange, microseconds, requests_of
from benchmarks.workload import Workload
from mockserver.app import create_app
from mockserver.settings import Settings

MEMORY = Settings(store="memory")


def mock() -> uvicorn.Config:
    config = server_config(0, create_app(MEMORY))
    config.load()
    return config


@pytest.mark.parametrize("workload", Workload)
def test_each_workload_has_a_figure(workload: Workload) -> None:
    assert asyncio.run(microseconds(MEMORY, workload, 100, warm_up=100)) > 0


def test_unexpected_answer_ends_the_measurement() -> None:
    with pytest.raises(ValueError, match="an unexpected answer"):
        asyncio.run(exchange(mock(), requests_of(Workload.REFUSED), count=100))


def test_no_two_requests_of_a_load_are_alike() -> None:
    for workload in (Workload.CHECKOUT, Workload.REFUSED):
        requests = requests_of(workload)
        assert len({next(requests) for _ in range(3_000)}) == 3_000
