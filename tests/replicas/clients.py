"""Clients of the balancer: each has an account, acts at random, and pauses between its requests."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from random import Random
from threading import Event
from typing import Final

import httpx

from tests.auditor import Recorder
from tests.scenarios.traffic.traders import Trader

PATIENCE: Final = 30.0
_SHARE: Final = 10
"""The clients of an account."""


class SteadyTrader(Trader):
    """A client that resets nothing and moves no clock, so that its account's sums are simple."""

    weights = (20, 30, 10, 20, 20, 0)


class Clients:
    """So many clients; each second account is steady."""

    def __init__(self, recorder: Recorder, url: str, *, number: int, pause: float, seed: int) -> None:
        self._recorder = recorder
        self._url = url
        self._pause = pause
        self._seed = seed
        self._number = number
        self.keys = [f"sk-client-{number}" for number in range(-(-number // _SHARE))]
        self.steady = self.keys[::2]
        self.hasty_refusals: list[str] = []
        """Refusals of an unavailable store that do not say when to try again."""

    def run(self, end: Event) -> None:
        """Act until the end."""
        asyncio.run(self._run(end))

    async def _run(self, end: Event) -> None:
        names: dict[str, list[str]] = {key: [] for key in self.keys}
        async with AsyncExitStack() as stack:
            acting = []
            for number in range(self._number):
                key = self.keys[number // _SHARE]
                # a pool of many connections takes longer for a request than the mock
                options = {"timeout": PATIENCE, "event_hooks": {"response": [self._look]}}
                client = await stack.enter_async_context(self._recorder.async_client(self._url, **options))
                kind = SteadyTrader if key in self.steady else Trader
                random = Random(f"{self._seed} {number}")
                acting.append(self._act(kind(client, key, random, names[key]), random, end))
            await asyncio.gather(*acting)

    async def _act(self, trader: Trader, random: Random, end: Event) -> None:
        while not end.is_set():
            await asyncio.sleep(random.uniform(0, 2 * self._pause))
            await trader.act()

    async def _look(self, response: httpx.Response) -> None:
        if is_hasty(response):
            self.hasty_refusals.append(f"{response.request.method} {response.request.url.path}: {response.text}")


def is_hasty(response: httpx.Response) -> bool:
    """The response is the refusal of an unavailable store, without `Retry-After`."""
    is_refusal = response.status_code == 503 and b"store_unavailable" in response.content
    return is_refusal and not response.headers.get("retry-after", "").isdigit()
