"""Random traffic of clients that buy, pay, spend, move clocks and break things. A recorder hands it to the auditor."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from random import Random
from typing import Any, Final

import httpx

from tests.auditor import Recorder

DECLINES: Final = "4000000000000002"
FAULTS: Final = ("reset", "truncate", "malformed", "empty", {"status": 503}, {"status": 200, "body": {}})
READS: Final = ("usage", "invoices", "checkouts", "auto_recharge")
LATEST: Final = 20
"""A client acts on the latest sessions of its account, so that clients meet."""


class Trader:
    """One client of an account; `names` are the sessions that clients of the account know."""

    weights = (20, 30, 10, 20, 16, 4)
    """How often it buys, pays, ends a session, reads, spends, and disturbs the others."""

    def __init__(self, client: httpx.AsyncClient, key: str, random: Random, names: list[str]) -> None:
        self._client = client
        self._key = key
        self._random = random
        self._names = names

    async def act(self) -> None:
        """Send one random request. A broken answer is a part of the traffic."""
        actions = (self._buy, self._pay, self._end, self._read, self._spend, self._disturb)
        (action,) = self._random.choices(actions, weights=self.weights)
        with contextlib.suppress(httpx.TransportError):
            await action()

    async def _bill(self, method: str, call: str, **parts: Any) -> httpx.Response:
        headers = {"x-access-token": self._key}
        return await self._client.request(method, f"/billing/{call}", headers=headers, **parts)

    async def _control(self, call: str, **body: Any) -> httpx.Response:
        return await self._client.post(f"/_mock/{call}", json=body)

    async def _buy(self) -> None:
        response = await self._bill("POST", "checkout", json={"amount": self._random.choice([1, 2, 5, 50])})
        if response.status_code == 200 and response.content.endswith(b"}"):
            self._names.extend(filter(None, [response.json().get("id")]))

    async def _pay(self) -> None:
        card = {"card": DECLINES} if self._random.random() < 0.2 else {}
        for name in self._some():
            await self._control(f"sessions/{name}/pay", **card)

    async def _end(self) -> None:
        for name in self._some():
            await self._control(f"sessions/{name}/{self._random.choice(['cancel', 'expire'])}")

    def _some(self) -> Sequence[str]:
        return self._names and [self._random.choice(self._names[-LATEST:])]

    async def _read(self) -> None:
        await self._bill("GET", self._random.choice(READS))

    async def _spend(self) -> None:
        call, credits = self._random.choice(["credits", "usage", "usage"]), self._random.choice([1, 2.5, 20])
        await self._control(call, key=self._key, credits=credits)

    async def _disturb(self) -> None:
        match self._random.randrange(5):
            case 0:
                settings = {"enabled": True, "threshold": self._random.choice([0, 5]), "amount": 10.5}
                await self._bill("POST", "auto_recharge", json=settings)
            case 1:
                await self._control("clock", key=self._key, advance=self._random.choice(["1h", "12h"]))
            case 2:
                await self._client.delete("/_mock/clock", params={"key": self._key})
            case 3:
                match = {"key": self._key, "path": "/billing/*"}
                await self._control("faults", match=match, then=self._random.choice(FAULTS))
            case _:
                await self._control("reset", key=self._key)
                self._names.clear()


async def trade(recorder: Recorder, url: str, keys: Sequence[str], *, clients: int, requests: int, seed: int) -> None:
    """Send so many requests for each of so many clients of each account, all at the same time."""

    async def run(client: httpx.AsyncClient, key: str, number: int, names: list[str]) -> None:
        trader = Trader(client, key, Random(f"{seed} {key} {number}"), names)
        for _ in range(requests):
            await trader.act()

    async with recorder.async_client(url, limits=httpx.Limits(max_connections=clients * len(keys))) as client:
        known: dict[str, list[str]] = {key: [] for key in keys}
        await asyncio.gather(*[run(client, key, each, known[key]) for key in keys for each in range(clients)])
