"""A server that is killed at work: after its restart every answered change is there, once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from tests.scenarios.process import PATIENCE, serving
from tests.web.mock_client import Mock

KILLS: Final = int(os.environ.get("MOCKSERVER_TEST_KILLS", "3"))
CLIENTS: Final = 4
DOLLARS: Final = 5


@dataclass
class Answered:
    """The requests of one round's clients, and their responses."""

    key: str
    enough: int
    created: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    granted: int = 0
    grants_tried: int = 0
    is_enough: threading.Event = field(default_factory=threading.Event)

    def buy(self, url: str, number: int) -> None:
        """Create sessions and pay every second one, until the server is gone."""
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            mock = Mock(client)
            try:
                while True:
                    name = mock.create(key=self.key, amount=DOLLARS)
                    self.created.add(name)
                    if len(self.created) % 2:
                        self.tried.add(name)
                        assert mock.pay(name).status_code == 200
                        self.paid.add(name)
                    if number == 0:
                        self.grants_tried += 1
                        given = mock.post("/_mock/credits", {"key": self.key, "credits": 1})
                        assert given.status_code == 200
                        self.granted += 1
                    if len(self.created) + len(self.paid) >= self.enough:
                        self.is_enough.set()
            except httpx.TransportError:
                self.is_enough.set()


def every_page(mock: Mock, key: str, what: str) -> Iterator[dict[str, Any]]:
    offset = 0
    while page := mock.billing("GET", what, key=key, params={"limit": 100, "offset": offset}).json()["data"]:
        yield from page
        offset += len(page)


def nothing_is_lost_and_nothing_credited_twice(mock: Mock, answered: Answered) -> None:
    found = {session["id"]: session["status"] for session in every_page(mock, answered.key, "checkouts")}
    assert answered.created <= set(found)
    completed = {name for name, status in found.items() if status == "completed"}
    assert answered.paid <= completed <= answered.tried
    # a request without an answer may have had its effect or not, but completely and once
    granted = mock.balance(key=answered.key) - DOLLARS * len(completed)
    assert answered.granted <= granted <= answered.grants_tried
    assert len(list(every_page(mock, answered.key, "invoices"))) == len(completed)
    for name in completed:
        assert [attempt["outcome"] for attempt in mock.session(name)["attempts"]] == ["paid"]
    for name in sorted(completed)[:5]:
        assert mock.pay(name).status_code == 409


def test_killed_server_loses_no_answered_change_and_credits_once(sqlite: str, tmp_path: Path) -> None:
    rounds: list[Answered] = []
    for number in range(KILLS):
        with serving(tmp_path, "--store", sqlite, "--quiet") as served:
            if rounds:
                with httpx.Client(base_url=served.url) as client:
                    nothing_is_lost_and_nothing_credited_twice(Mock(client), rounds[-1])
            # each round ends at another point
            answered = Answered(key=f"sk-round-{number}", enough=60 + 37 * number % 101)
            clients = [threading.Thread(target=answered.buy, args=(served.url, each)) for each in range(CLIENTS)]
            for client_thread in clients:
                client_thread.start()
            assert answered.is_enough.wait(PATIENCE)
            served.kill()
            for client_thread in clients:
                client_thread.join(PATIENCE)
            assert len(answered.created) + len(answered.paid) >= answered.enough
            rounds.append(answered)
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, httpx.Client(base_url=served.url) as client:
        for answered in rounds:
            nothing_is_lost_and_nothing_credited_twice(Mock(client), answered)


def test_killed_server_keeps_its_clocks(sqlite: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        name = mock.create(key="sk-mine")
        mock.advance("24h", key="sk-mine")
        served.kill()
    with serving(tmp_path, "--store", sqlite, "--quiet") as served, httpx.Client(base_url=served.url) as client:
        mock = Mock(client)
        assert mock.get("/_mock/clock?key=sk-mine").json()["offset_seconds"] == 86_400
        assert mock.get("/_mock/clock").json()["offset_seconds"] == 0
        assert mock.session(name)["status"] == "expired"
        assert mock.pay(name).status_code == 410
