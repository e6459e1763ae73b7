"""Connections that planned faults break or hold up, by each protocol."""

from __future__ import annotations

import http.client
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from mockserver.server.http_protocol import HttpProtocol
from mockserver.server.uvicorn_protocol import BoundedProtocol
from tests.cli.serve.test_serving import QUICK, address, ended_cleanly
from tests.scenarios.process import PATIENCE, serving
from tests.scenarios.running_server import listening
from tests.web.mock_client import Mock
from tests.web.raw_http import a_request, answer_on, answer_to, connected

BODY_LIMIT = 10_000
USAGE = a_request("GET", "/billing/usage")
ORDER = a_request("POST", "/billing/checkout", body=b'{"amount": 50}', content_type="application/json")
OWN = {"key": "sk-wire"}
"""The account of the requests."""


@pytest.fixture(params=[HttpProtocol, BoundedProtocol, H11Protocol], ids=["own", "httptools", "h11"])
def served(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[tuple[str, Mock]]:
    """A server for each of uvicorn's protocols; its log must be empty when it ends."""
    with listening(request.param, body_limit=BODY_LIMIT) as found:
        yield found
    said = [record for phase in ("setup", "call") for record in caplog.get_records(phase)] + caplog.records
    assert [record.getMessage() for record in said if record.levelno >= logging.WARNING] == []


def planned(mock: Mock, **plan: Any) -> str:
    """The id of a new fault."""
    response = mock.post("/_mock/faults", plan)
    assert response.status_code == 200, response.text
    name: str = response.json()["fault"]["id"]
    return name


def told(mock: Mock, name: str) -> dict[str, Any]:
    """The state of a fault."""
    (fault,) = mock.get("/_mock/faults", params={"id": name}).json()["faults"]
    return dict(fault)


def waits(mock: Mock, name: str, struck: int = 1) -> bool:
    """The fault strikes that many requests within the time limit."""
    end = time.monotonic() + PATIENCE
    while told(mock, name)["struck"] < struck:
        if time.monotonic() > end:
            return False
    return True


def test_reset_reaches_the_client_and_nothing_is_processed(served: tuple[str, Mock]) -> None:
    url, mock = served
    planned(mock, match=OWN, then="reset")
    with connected(url) as connection:
        connection.sendall(ORDER)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert mock.listed(key="sk-wire") == []
    assert answer_to(url, ORDER).status == 200


def test_reset_ends_a_kept_alive_connection(served: tuple[str, Mock]) -> None:
    url, mock = served
    with connected(url) as connection:
        connection.sendall(USAGE)
        assert answer_on(connection).status == 200
        planned(mock, match=OWN, then="reset")
        connection.sendall(USAGE)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_truncated_reply_has_its_full_length_and_half_its_body(served: tuple[str, Mock]) -> None:
    url, mock = served
    planned(mock, match=OWN, then="truncate")
    with connected(url) as connection:
        connection.sendall(ORDER)
        response = http.client.HTTPResponse(connection)
        response.begin()
        with pytest.raises(http.client.IncompleteRead) as broken:
            response.read()
    length = int(response.getheader("content-length", "0"))
    assert response.status == 200
    assert response.getheader("content-type") == "application/json"
    assert len(broken.value.partial) == length // 2
    assert len(mock.listed(key="sk-wire")) == 1, "the order was processed"


@pytest.mark.parametrize("then", ["malformed", "empty"])
def test_spoiled_reply_has_its_own_length_and_keeps_the_connection(served: tuple[str, Mock], then: str) -> None:
    url, mock = served
    planned(mock, match=OWN, then=then)
    with connected(url) as connection:
        connection.sendall(ORDER)
        spoiled = answer_on(connection)
        assert spoiled.status == 200
        assert spoiled.headers["content-length"] == str(len(spoiled.body))
        with pytest.raises(json.JSONDecodeError):
            json.loads(spoiled.body)
        connection.sendall(USAGE)
        assert answer_on(connection).status == 200
    assert len(mock.listed(key="sk-wire")) == 1, "the order was processed"


@pytest.mark.parametrize("status", [200, 204, 205, 299, 304, 429, 503, 599])
def test_reply_of_any_status_is_complete_and_keeps_the_connection(served: tuple[str, Mock], status: int) -> None:
    url, mock = served
    headers = {"Retry-After": "0", "Content-Type": "text/html", "X-Empty": "", "X-Latin": "é"}
    body = {} if status in (204, 205, 304) else {"body": "<h1>é</h1>"}
    planned(mock, match=OWN, then={"status": status, "headers": headers, **body})
    with connected(url) as connection:
        connection.sendall(USAGE)
        answer = answer_on(connection)
        assert (answer.status, answer.body.decode()) == (status, body.get("body", ""))
        assert answer.headers.items() >= {name.lower(): value for name, value in headers.items()}.items()
        connection.sendall(USAGE)
        assert answer_on(connection).status == 200


def test_request_behind_a_reset_one_is_never_read(served: tuple[str, Mock]) -> None:
    url, mock = served
    planned(mock, match=OWN, then="reset")
    with connected(url) as connection:
        connection.sendall(USAGE + ORDER)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert mock.listed(key="sk-wire") == []


@pytest.mark.parametrize("then", ["reset", "truncate", "malformed", "empty", None])
def test_fault_strikes_a_body_over_the_limit_too(served: tuple[str, Mock], then: str | None) -> None:
    url, mock = served
    name = planned(mock, match=OWN, **({"delay": 0.01} if then is None else {"then": then}))
    huge = a_request("POST", "/billing/checkout", body=b" " * (BODY_LIMIT + 1), content_type="application/json")
    with connected(url) as connection:
        connection.sendall(huge)
        if then == "reset":
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        elif then == "truncate":
            with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
                answer_on(connection)
        else:
            assert answer_on(connection).status == 413
    assert told(mock, name)["struck"] == 1
    assert answer_to(url, huge).status == 413


def test_delay_ends_when_its_client_disconnects(served: tuple[str, Mock]) -> None:
    url, mock = served
    name = planned(mock, match=OWN, delay="1h")
    with connected(url) as impatient:
        impatient.sendall(ORDER)
        assert waits(mock, name)
    end = time.monotonic() + PATIENCE
    while not (kept := mock.journal(key="sk-wire")):
        assert time.monotonic() < end, "it still waits"
    assert [(exchange["status"], exchange["fault"]) for exchange in kept] == [(None, name)]
    assert mock.listed(key="sk-wire") == [], "nothing was processed"


def test_delay_ends_when_the_server_stops(caplog: pytest.LogCaptureFixture) -> None:
    for protocol in (HttpProtocol, BoundedProtocol, H11Protocol):
        with listening(protocol) as (url, mock):
            name = planned(mock, match=OWN, delay="1h", times=None)
            waiting = [connected(url) for _ in range(3)]
            for connection in waiting:
                connection.sendall(ORDER)
            assert waits(mock, name, struck=3)
            started = time.monotonic()
        assert time.monotonic() - started < QUICK
        for connection in waiting:
            with connection, pytest.raises(ConnectionResetError):
                connection.recv(1)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_delay_ignores_a_frozen_clock(served: tuple[str, Mock]) -> None:
    url, mock = served
    mock.post("/_mock/clock", {"frozen": True})
    planned(mock, match=OWN, delay=0.1)
    assert answer_to(url, USAGE).status == 200


def test_signal_ends_the_server_during_a_delay(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--store", "memory", "--quiet") as server,
        httpx.Client(base_url=server.url) as client,
        connected(server.url) as late,
    ):
        name = planned(Mock(client), match=OWN, delay="1h")
        late.sendall(USAGE)
        assert waits(Mock(client), name)
        ended_cleanly(server)


def test_server_with_a_defect_resets_and_delays_too(tmp_path: Path) -> None:
    arguments = ("--store", "memory", "--quiet", "--defect", "byte-order-mark")
    with serving(tmp_path, *arguments) as server, httpx.Client(base_url=server.url) as client:
        planned(Mock(client), match=OWN, then="reset")
        with pytest.raises(ConnectionResetError):
            answer_to(server.url, USAGE)
        planned(Mock(client), match=OWN, delay=0.1)
        assert answer_to(server.url, USAGE).body.startswith(b"\xef\xbb\xbf{")
        ended_cleanly(server)


def test_reset_request_is_logged_too(tmp_path: Path) -> None:
    with serving(tmp_path, "--store", "memory") as server, httpx.Client(base_url=address(server)) as client:
        planned(Mock(client), match=OWN, then="reset")
        with pytest.raises(ConnectionResetError):
            answer_to(address(server), USAGE)
        ended_cleanly(server)
    (line,) = [line for line in server.errors.read_text().splitlines() if "GET     /billing/usage" in line]
    assert line.split()[2] == "---"
