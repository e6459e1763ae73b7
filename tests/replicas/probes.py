"""Requests of a few clients that do nothing else, so that the time of an answer is the server's.

The many clients of the balancer share one process, which is often busy: they wait for each other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter, sleep
from typing import Any, Final, Protocol

import httpx

from tests.auditor import Recorder
from tests.auditor.exchange import Window
from tests.replicas.clients import PATIENCE, is_hasty

_PAUSE: Final = 0.05


class Target(Protocol):
    """A mock or a balancer."""

    @property
    def url(self) -> str | None:
        """Its URL; None while it is dead."""


@dataclass(slots=True)
class Probes:
    """Requests of one account to each target, one after the other."""

    key: str
    targets: Sequence[Target]
    recorder: Recorder = field(default_factory=Recorder)
    hasty_refusals: list[str] = field(default_factory=list)
    waits: list[Window] = field(default_factory=list)
    """The moments between which a probe waited for an answer, or for the end of its connection."""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send them until the block ends."""
        end = threading.Event()
        threads = [threading.Thread(target=self._probe, args=(target, end)) for target in self.targets]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            end.set()
            for thread in threads:
                thread.join(PATIENCE)

    def _probe(self, target: Target, end: threading.Event) -> None:
        while not end.is_set():
            if (url := target.url) is not None:
                with self.recorder.client(url, headers={"x-access-token": self.key}, timeout=PATIENCE) as client:
                    self._send(client, "GET", "/billing/usage")
                    self._send(client, "POST", "/billing/checkout", {"amount": 5})
                    self._send(client, "POST", "/_mock/credits", {"key": self.key, "credits": 1})
            sleep(_PAUSE)

    def _send(self, client: httpx.Client, method: str, path: str, body: Any = None) -> None:
        sent = perf_counter()
        with suppress(httpx.TransportError):  # the mock was killed
            answer = client.request(method, path, json=body)
            if is_hasty(answer):
                self.hasty_refusals.append(answer.text)
        self.waits.append(Window(sent, perf_counter()))
