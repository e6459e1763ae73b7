"""Random histories of a server that executes one request after another, seen by clients that overlap.

Request `n` is executed at the moment `n`. Its client sent it before and has its answer after, so that requests overlap;
some answers never arrive, and some of those requests are never executed. At the end everything is read, undisturbed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

from tests.auditor.exchange import FOREVER, Exchange
from tests.auditor.rules import Rules
from tests.auditor.sequential_server import SequentialServer

RULES = Rules(skew=1.0)
KEYS = ("sk-one", "sk-two")
PAGE = 100


@dataclass
class Clients:
    """Clients that send random requests to a server."""

    random: Random
    server: SequentialServer
    overlap: float = 3.0
    loss: float = 0.0
    resets: bool = True
    moment: float = 0.0
    known: dict[str, str] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)

    def send(
        self, method: str, path: str, key: str, body: Mapping[str, Any] | None = None, **query: str
    ) -> tuple[int, Any] | None:
        """Send a request, perhaps lose its answer, and note the exchange."""
        self.moment += 1
        sent = self.moment - self.random.uniform(0.1, 0.4 + self.overlap)
        ended = self.moment + self.random.uniform(0.1, 0.4 + self.overlap)
        is_lost = self.random.random() < self.loss
        answer = None
        if not is_lost or self.random.random() < 0.5:
            answer = self.server.answer(method, path, key, body or {}, query)
        if is_lost:
            answer, ended = None, FOREVER
        status, content = answer or (None, None)
        token = key if path.startswith("/billing") else None
        self.exchanges.append(Exchange(method, path, sent, ended, status, content, token, query, body or {}))
        return answer

    def act(self) -> None:
        """Send one random request."""
        random, key = self.random, self.random.choice(KEYS)
        mine = [name for name, owner in self.known.items() if owner == key]
        choice = random.randrange(100)
        if choice < 20 or not mine:
            if answer := self.send("POST", "/billing/checkout", key, {"amount": random.choice([1, 2, 5, 7, 50])}):
                self.known[answer[1]["data"]["id"]] = key
        elif choice < 48:
            body = {"card": "4000000000000002"} if choice < 24 else {}
            self.send("POST", f"/_mock/sessions/{random.choice(mine)}/pay", key, body)
        elif choice < 55:
            self.send("POST", f"/_mock/sessions/{random.choice(mine)}/{random.choice(['cancel', 'expire'])}", key)
        elif choice < 60:
            self.send("GET", f"/_mock/sessions/{random.choice(mine)}", key)
        elif choice < 80:
            self.spend(key, choice)
        elif choice < 92:
            self.send("GET", f"/billing/{random.choice(['usage', 'invoices', 'checkouts', 'auto_recharge'])}", key)
        elif choice < 99:
            self.send("POST", "/_mock/clock", key, {"key": key, "advance": random.choice([3600, 43200])})
        elif self.resets and self.send("POST", "/_mock/reset", key, {"key": key}) is not None:
            self.known = {name: owner for name, owner in self.known.items() if owner != key}

    def spend(self, key: str, choice: int) -> None:
        """Give or consume credits, or set auto recharge."""
        credits = self.random.choice([1, 2, 5, 20])
        if choice < 66:
            self.send("POST", "/_mock/credits", key, {"key": key, "credits": credits})
        elif choice < 76:
            self.send("POST", "/_mock/usage", key, {"key": key, "credits": credits})
        else:
            changes = {"enabled": True, "threshold": self.random.choice([0, 4]), "amount": self.random.choice([3, 10])}
            self.send("POST", "/billing/auto_recharge", key, changes)

    def survey(self) -> None:
        """Read everything, one request after another."""
        self.overlap, self.loss = 0.0, 0.0
        self.moment += 1_000
        for key in KEYS:
            self.send("GET", "/billing/usage", key)
            self.send("GET", "/billing/auto_recharge", key)
            for path in ("/billing/invoices", "/billing/checkouts"):
                for _ in self._pages(path, key):
                    pass
        for name, key in self.known.items():
            self.send("GET", f"/_mock/sessions/{name}", key)
        for key in KEYS:
            self.send("POST", "/_mock/usage", key, {"key": key, "credits": 1})
            self.send("GET", "/billing/usage", key)

    def _pages(self, path: str, key: str) -> Iterator[None]:
        offset = 0
        while True:
            answer = self.send("GET", path, key, limit=str(PAGE), offset=str(offset))
            yield
            offset += PAGE
            if answer is None or len(answer[1]["data"]) < PAGE:
                return


def random_history(
    seed: int, *, length: int = 80, loss: float = 0.0, mistake: str | None = None, overlap: float = 3.0
) -> tuple[list[Exchange], str | None]:
    """The exchanges of a random history, and the mistake that the server made in it."""
    random = Random(seed)
    server = SequentialServer()
    # a reset would delete what a mistake has left
    resets = mistake in (None, "reset keeps credits")
    clients = Clients(random, server, overlap=overlap, loss=loss, resets=resets)
    at = random.randrange(length // 2) if mistake else -1
    for number in range(length):
        if number == at:
            server.mistake = mistake
        clients.act()
    clients.survey()
    random.shuffle(clients.exchanges)
    return clients.exchanges, server.mistaken


def long_history(length: int, *, loss: float = 0.0) -> list[Exchange]:
    """A history of two accounts in which clients pay, spend and read; they act on their latest sessions."""
    random = Random(length)
    clients = Clients(random, SequentialServer(), loss=loss)
    for _ in range(length):
        key, choice = random.choice(KEYS), random.randrange(100)
        latest = [name for name in islice(reversed(clients.known), 40) if clients.known[name] == key]
        if choice < 30 or not latest:
            if answer := clients.send("POST", "/billing/checkout", key, {"amount": random.choice([1, 2, 5, 50])}):
                clients.known[answer[1]["data"]["id"]] = key
        elif choice < 60:
            clients.send("POST", f"/_mock/sessions/{random.choice(latest)}/pay", key)
        elif choice < 80:
            clients.spend(key, 60 + random.randrange(16))
        else:
            clients.send("GET", f"/billing/{random.choice(['usage', 'invoices', 'checkouts'])}", key)
    clients.survey()
    return clients.exchanges
