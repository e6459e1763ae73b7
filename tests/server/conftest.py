from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import pytest

from tests.scenarios.running_server import listening
from tests.server.raw_server import PROTOCOLS


@pytest.fixture(scope="module", params=PROTOCOLS)
def address(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    with listening(PROTOCOLS[request.param]) as (url, _):
        host, _, port = url.removeprefix("http://").partition(":")
        yield host, int(port)


@pytest.fixture(autouse=True)
def audible_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Other servers of this process may have disabled the log, or set its level."""
    loggers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        monkeypatch.setattr(logger, "disabled", False)
        monkeypatch.setattr(logger, "propagate", True)
        logger.setLevel(logging.NOTSET)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(params=PROTOCOLS)
def protocol(request: pytest.FixtureRequest) -> type[asyncio.Protocol]:
    return PROTOCOLS[request.param]
