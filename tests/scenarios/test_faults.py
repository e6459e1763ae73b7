"""Planned faults on real connections: their effect, number and duration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from time import monotonic, perf_counter
from typing import Any

import httpx
import pytest

import mockserver
from tests.scenarios.process import PATIENCE
from tests.scenarios.test_exactly_once import CLICKS, patient_answers
from tests.web.mock_client import KEY, OTHER, Mock
from tests.web.raw_http import a_request, answer_on, connected


@pytest.fixture
def served(store: str) -> Iterator[Mock]:
    """A running mock."""
    with mockserver.running(store=store) as running, httpx.Client(base_url=running.url) as client:
        yield Mock(client)


def url_of(mock: Mock) -> str:
    return str(mock.client.base_url).rstrip("/")


def plan(mock: Mock, **parts: Any) -> None:
    assert mock.post("/_mock/faults", parts).status_code == 200


def wait_for_the_strike(mock: Mock) -> None:
    """Wait until the only fault has struck."""
    until = monotonic() + PATIENCE
    while mock.get("/_mock/faults").json()["faults"][0]["struck"] == 0:
        assert monotonic() < until


def test_reset_resets_the_connection(served: Mock) -> None:
    plan(served, then="reset")
    with connected(url_of(served)) as connection:
        connection.sendall(a_request("GET", "/billing/usage"))
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    plan(served, then="reset")
    with pytest.raises(httpx.NetworkError):
        served.checkout({"amount": 5})
    assert served.listed() == []


def test_truncated_reply_declares_more_than_it_sends(served: Mock) -> None:
    plan(served, then="truncate")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        served.checkout({"amount": 5})
    assert len(served.listed()) == 1


def test_server_serves_all_connections_after_a_fault(served: Mock) -> None:
    with connected(url_of(served)) as connection:
        for then in ("malformed", "empty", {"status": 500}):
            plan(served, then=then)
            connection.sendall(a_request("GET", "/billing/usage"))
            answer_on(connection)
        connection.sendall(a_request("GET", "/billing/usage"))
        assert answer_on(connection).status == 200


def test_fault_planned_ten_times_strikes_ten_of_a_hundred_of_its_account(
    served: Mock,
) -> None:
    plan(served, match={"key": KEY}, then={"status": 418}, times=10)
    mine = [a_request("GET", "/billing/usage", key=KEY)] * CLICKS
    theirs = [a_request("GET", "/billing/usage", key=OTHER)] * CLICKS
    pairs = [request for pair in zip(mine, theirs, strict=True) for request in pair]
    answers = patient_answers(url_of(served), pairs)
    assert Counter(answer.status for answer in answers[::2]) == {418: 10, 200: CLICKS - 10}
    assert Counter(answer.status for answer in answers[1::2]) == {200: CLICKS}
    (fault,) = served.get("/_mock/faults").json()["faults"]
    assert (fault["struck"], fault["remaining"]) == (10, 0)


def test_delay_holds_up_its_own_request_alone(served: Mock) -> None:
    plan(served, match={"path": "/billing/usage"}, delay=30)
    with connected(url_of(served)) as held:
        held.sendall(a_request("GET", "/billing/usage"))
        wait_for_the_strike(served)
        began = perf_counter()
        for _ in range(5):
            served.create()
            served.balance()
        assert perf_counter() - began < 15, "they waited for the one that is held up"
        held.settimeout(0.01)
        with pytest.raises(TimeoutError):
            held.recv(1)


def test_delayed_reply_is_the_normal_one(served: Mock) -> None:
    plan(served, delay=0.2)
    began = perf_counter()
    answer = served.checkout({"amount": 5})
    assert perf_counter() - began >= 0.2
    assert answer.status_code == 200
    assert len(served.listed()) == 1


def test_planned_fault_survives_a_restart(sqlite: str) -> None:
    with mockserver.running(store=sqlite) as running, httpx.Client(base_url=running.url) as client:
        plan(Mock(client), then={"status": 503}, times=2)
        assert Mock(client).billing("GET", "usage").status_code == 503
    with mockserver.running(store=sqlite) as running, httpx.Client(base_url=running.url) as client:
        assert [Mock(client).billing("GET", "usage").status_code for _ in range(2)] == [503, 200]
